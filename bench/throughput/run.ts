import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Measurement, measure } from './measure.js';
import { memoryTable } from './memory.js';
import { type Client, extendPath, isThere, leakhunt, peers, type Upload } from './peers.js';
import { prepare } from './prepare.js';
import { machine, write } from './results.js';
import { type Sink, startSink } from './sink.js';
import { repetitions, type Size, sizes } from './sizes.js';
import { tableOf } from './table.js';

/**
 * `npm run bench -- undici autocannon` runs these clients alone beside leakhunt, into a file of their names.
 */
const words = process.argv.slice(2);
const asked = peers.filter(({ name }) => words.length === 0 || words.some(word => name.includes(word)));

const command = words.length === 0 ? 'npm run bench' : `npm run bench -- ${words.join(' ')}`;
const fileName = words.length === 0 ? 'RESULTS.md' : `${words.join('-').toUpperCase()}.md`;

extendPath();
const where = machine();
const clients = [leakhunt, ...asked.filter(isThere)] as const;
const skipped = asked
  .filter(peer => !isThere(peer))
  .map(({ name, needs, get }) => `Left out: ${name} (no ${needs} on the machine${get ? `: ${get}` : ''}).`);
const folder = await mkdtemp(join(tmpdir(), 'leakhunt-bench-'));
const sink = await startSink(folder);
try {
  const results = {
    tables: [] as Parameters<typeof write>[2]['tables'],
    skipped,
    mismatches: [] as string[],
    memory: '',
  };
  for (const size of sizes) {
    const upload = await prepare(size, sink.url, folder);
    const runs = await interleave(upload, size, sink);
    const [own, ...others] = clients.map(client => ({ name: client.name, runs: runs.get(client)! }));
    results.tables.push({ size, bodyBytes: upload.bodyBytes, table: tableOf([own!, ...others]) });
    results.mismatches.push(...[...runs.values()].flat().flatMap(run => run.mismatches));
  }
  if (words.length === 0) results.memory = await memoryTable(sink, folder, results.mismatches);
  const text = write(where, command, results);
  console.log(text);
  await writeFile(join(import.meta.dirname, fileName), text);
  if (results.mismatches.length > 0) process.exitCode = 1;
} finally {
  await sink.close();
  await rm(folder, { recursive: true });
}

/** Every client once, and again, each time beginning with another one. */
async function interleave(upload: Upload, size: Size, sink: Sink): Promise<Map<Client, Measurement[]>> {
  const runs = new Map<Client, Measurement[]>(clients.map(client => [client, []]));
  for (let i = 0; i < repetitions; i++) {
    for (const client of [...clients.slice(i % clients.length), ...clients.slice(0, i % clients.length)]) {
      const run = await measure(client, upload, size, sink);
      runs.get(client)!.push(run);
      console.error(
        `${size.name}, ${i + 1} of ${repetitions}: ${client.name} ${Math.round(run.uploadsPerSecond)}/s`,
      );
      for (const mismatch of run.mismatches) console.error(`MISMATCH: ${mismatch}`);
    }
  }
  return runs;
}
