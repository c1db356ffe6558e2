/**
 * What it costs to read heap snapshots: of real Node processes of several sizes, from a file and through the
 * inspector, each in a process of its own. `npm run build && npx tsx bench/snapshot/run.ts`
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inspector } from '../../src/probes/sources/inspector.js';
import { bundled } from '../bundled.js';

interface Cost {
  bytes: number;
  nodes: number;
  edges: number;
  objects?: number;
  path?: string[];
  seconds: number;
  peak: number;
}

const heap = fileURLToPath(import.meta.resolve('./heap.js'));
const reader = bundled(import.meta.resolve('./reader.js'));
const results = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const words = { read: 'read', classes: 'and its classes', path: 'and a retaining path' };
const sizes = [30_000, 400_000];
const folder = await mkdtemp(join(tmpdir(), 'bench-snapshot-'));
const rows: string[] = [];
let path: string[] | undefined;
try {
  for (const objects of sizes) {
    const { child, address } = await start(objects);
    try {
      const file = join(folder, `${objects}.heapsnapshot`);
      await save(address, file);
      for (const how of ['read', 'classes', 'path'] as const)
        rows.push(rowOf('file', how, await cost(file, how)));
      const live = await cost(address, 'path');
      rows.push(rowOf('inspector', 'path', live));
      if (live.objects !== objects) throw new Error(`${live.objects} of ${objects} objects were found`);
      path = live.path;
      await rm(file);
    } finally {
      child.kill('SIGKILL');
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
await writeFile(results, report());
console.log(report());

async function start(objects: number): Promise<{ child: ChildProcess; address: string }> {
  const flags = ['--max-old-space-size=8000', '--inspect=127.0.0.1:0', heap, String(objects)];
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ready = once(createInterface(child.stdout), 'line');
  for await (const line of createInterface(child.stderr)) {
    const address = /(ws:\S+)/.exec(line)?.[1];
    if (!address) continue;
    await ready;
    return { child, address };
  }
  throw new Error('the process has no inspector');
}

async function save(address: string, file: string): Promise<void> {
  const probe = await inspector({ url: new URL('http://127.0.0.1'), ports: [] }, address);
  const handle = await open(file, 'w');
  for await (const piece of probe.snapshot!()) await handle.write(Buffer.from(piece));
  await handle.close();
  await probe.close!();
}

async function cost(from: string, how: string): Promise<Cost> {
  const { stdout } = await promisify(execFile)(process.execPath, [reader, from, how]);
  return JSON.parse(stdout) as Cost;
}

function rowOf(from: string, how: keyof typeof words, { bytes, nodes, edges, seconds, peak }: Cost): string {
  const millions = (count: number) => (count / 1e6).toFixed(1);
  const cells = [
    from,
    words[how],
    bytes / 1e6,
    millions(nodes),
    millions(edges),
    seconds.toFixed(1),
    peak / 1e6,
  ];
  return `| ${[...cells, (peak / bytes).toFixed(1)].map(cell => (typeof cell === 'number' ? Math.round(cell) : cell)).join(' | ')} |`;
}

function report(): string {
  return `# Reading heap snapshots

Written by \`npx tsx bench/snapshot/run.ts\`. Node ${process.version.slice(1)} on ${process.platform} ${process.arch}; each row is a process of its own, and its peak rss
includes the 45 MB or so of Node itself. Load average at the end: ${loadavg()[0]!.toFixed(0)} on ${availableParallelism()} cores.

| from | what | file, MB | M nodes | M edges | seconds | peak rss, MB | rss / file |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

The path of the objects, all of which were counted: \`${path?.join(' → ')}\`.

Through the inspector the time is mostly the target's own: V8 collects garbage, walks the heap and writes the text, and
the target answers nothing meanwhile. The target holds what is not yet read.
`;
}
