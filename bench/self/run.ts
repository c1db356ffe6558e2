/**
 * leakhunt hunts itself: whether its client keeps anything of an upload. A server makes 100 uploads of 1 kB
 * with it for each request, and is hunted by its inspector, collections forced; a million uploads in all.
 * `npm run build && npx tsx bench/self/run.ts [thousands of uploads]`; needs Go for the sink. A million
 * writes RESULTS.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Hunt, hunt } from '../../src/index.js';
import { bundled } from '../bundled.js';
import { startSink } from '../throughput/sink.js';

const thousands = Number(process.argv[2] ?? 1000);
const perRequest = 100;
const rounds = 96;
const requestsPerRound = Math.max(1, Math.round((thousands * 1000) / perRequest / rounds));
const size = 1000;

const folder = await mkdtemp(join(tmpdir(), 'leakhunt-self-'));
const file = join(folder, 'upload.bin');
await writeFile(file, Buffer.alloc(size, 'x'));
const sink = await startSink(folder);
const args = ['--inspect=127.0.0.1:0', '--expose-gc', bundled(import.meta.resolve('./server.js'))];
const server = spawn(process.execPath, [...args, sink.url, file, String(perRequest), '10'], {
  stdio: ['pipe', 'pipe', 'ignore'],
});
try {
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  const record = await hunt({
    url: `http://127.0.0.1:${Number(port)}/upload`,
    fixture: { kind: 'random', size, seed: 1 },
    probes: ['auto'],
    uploadsPerRound: requestsPerRound,
    concurrency: 1,
    rounds,
    thorough: true,
    timeLimit: 3600,
  });
  const text = tableOf(record);
  console.log(text);
  if (thousands >= 1000) await writeFile(join(import.meta.dirname, 'RESULTS.md'), text);
} finally {
  server.stdin.end();
  await sink.close();
  await rm(folder, { recursive: true });
}

function tableOf({ verdict, load, resources, culprits, leakhunt: { seconds } }: Hunt): string {
  const rows = resources.map(({ name, verdict, reason, perUpload: { estimate, low, high } }) => {
    const [about, least, most] = [estimate, low, high].map(each => (each / perRequest).toPrecision(3));
    return `| ${name} | ${about} | ${least} to ${most} | ${verdict} | ${reason} |`;
  });
  const sites = culprits.map(
    ({ resource, site }) => `- ${resource}: ${site.function} ${site.file ?? ''}:${site.line ?? ''}`,
  );
  const uploads = (load.completed * perRequest).toLocaleString('en');
  return `# What leakhunt's own client keeps of an upload

Printed by \`npx tsx bench/self/run.ts\`: ${uploads} uploads of 1 kB by leakhunt's client, ${perRequest} for each request to the server it runs
in, which leakhunt hunted in ${seconds.toFixed(0)} s by its inspector, collections forced. Figures are per upload of the client: bytes, or things.
The verdict on them: **${verdict}**.

| resource | per upload | interval | verdict | why |
| --- | ---: | ---: | --- | --- |
${rows.join('\n')}
${sites.length > 0 ? `\n${sites.join('\n')}\n` : ''}`;
}
