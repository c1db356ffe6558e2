/**
 * The cost of a reading if the temp folder holds 200,000 files of others, compared with one that holds none;
 * quiet, and while others leave 20 more per second. `npx tsx bench/files/run.ts`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Probe } from '../../src/probes/probe.js';
import { pid } from '../../src/probes/sources/pid.js';

const strangers = 200_000;
const readings = 60;
const perSecond = 20;

interface Bed {
  files: number;
  folder: string;
  child: ChildProcess;
  probe: Probe;
  opening: number;
}

const home = await mkdtemp(join(tmpdir(), 'bench-files-'));
const beds: Bed[] = [];
const rows: string[] = [];
try {
  for (const files of [0, strangers]) beds.push(await bedWith(files));
  rows.push(...(await measured('nobody')));
  let count = 0;
  const writer = setInterval(() => {
    for (const { folder } of beds) writeFileSync(join(folder, `stranger-${count}.tmp`), '');
    count += 1;
  }, 1000 / perSecond);
  rows.push(...(await measured(`somebody, ${perSecond} files per second`)));
  clearInterval(writer);
} finally {
  for (const { child, probe } of beds) {
    await probe.close?.();
    child.kill('SIGKILL');
  }
  await rm(home, { recursive: true, force: true });
}
await writeFile(fileURLToPath(new URL('RESULTS.md', import.meta.url)), report());
console.log(report());

/** A Node process that does nothing, with this many files of others in its temp folder. */
async function bedWith(files: number): Promise<Bed> {
  const [folder, cwd] = [join(home, `tmp-${files}`), join(home, `cwd-${files}`)];
  await mkdir(folder);
  await mkdir(cwd);
  for (let i = 0; i < files; i += 1) writeFileSync(join(folder, `old-${i}`), '');
  const idle = "process.stdout.write('ready'); setInterval(() => {}, 1e6)";
  const child = spawn(process.execPath, ['-e', idle], {
    cwd,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  const start = performance.now();
  const probe = await pid({ url: new URL('http://127.0.0.1:1'), ports: [], pid: child.pid! });
  return { files, folder, child, probe, opening: performance.now() - start };
}

/** Readings of all beds in turns, so that other work of the machine affects each alike. */
async function measured(meanwhile: string): Promise<string[]> {
  const times = new Map<Bed, number[]>(beds.map(bed => [bed, []]));
  for (let reading = 0; reading < readings; reading += 1) {
    await sleep(50);
    for (const bed of reading % 2 === 0 ? beds : beds.toReversed()) {
      const start = performance.now();
      await bed.probe.read(false, {
        reading,
        kind: reading % 2 === 0 ? 'upload' : 'blank',
        uploads: reading,
      });
      times.get(bed)!.push(performance.now() - start);
    }
  }
  return beds.map(bed => {
    const sorted = times.get(bed)!.toSorted((a, b) => a - b);
    const at = (share: number) => `${sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1)} ms`;
    const cells = [bed.files.toLocaleString('en'), meanwhile, at(0.5), at(0.9), at(1)];
    return `| ${[...cells, `${bed.opening.toFixed(0)} ms`].join(' | ')} |`;
  });
}

function report(): string {
  return `# A reading in a crowded temp folder

Written by \`npx tsx bench/files/run.ts\`: ${readings} readings by the pid probe of a Node process at rest, the two folders in turns.
Node ${process.version.slice(1)} on ${process.platform} ${process.arch}; load average at the end: ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores.

| files of others | who writes meanwhile | median | nine in ten below | longest | once, to begin with |
| ---: | --- | ---: | ---: | ---: | ---: |
${rows.join('\n')}

The folder is watched by the kernel's events and read once, for the folders in it; afterwards only what came or went is
looked at.
`;
}
