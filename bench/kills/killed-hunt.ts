import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Hunt } from '../../src/record/record.js';
import { type DemoTarget, startDemo } from '../../src/target/demo/demo.js';

const bin = fileURLToPath(new URL('../../bin/leakhunt.js', import.meta.url));

/** The built-in demo to hunt, and a witness beside it that counts how often it is read. */
export interface Scene extends AsyncDisposable {
  demo: DemoTarget;
  /** A `--probe` that is read once for each sample of a reading, of which there are three. */
  witness: string;
  asked(): number;
}

export async function scene(): Promise<Scene> {
  const demo = await startDemo('buffers');
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ asked }));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    demo,
    witness: `json=http://127.0.0.1:${port}/#/asked;name=open-files`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.close();
      await demo.stop();
    },
  };
}

/** The remains of a hunt that was killed. */
export interface Killed {
  /** Readings in the journal when the hunt had ended, and how often the witness had been asked by then. */
  readings: number;
  asked: number;
  /** The record that the next command made of it; undefined if that said there is none. */
  record: Hunt | undefined;
  /** What that command wrote on standard error. */
  said: string;
  /** Files in `.leakhunt/` after it. */
  left: string[];
}

/** Hunts until `until` resolves, kills the hunt with SIGKILL, and asks for its record. */
export async function killedHunt(
  { demo, witness, asked }: Scene,
  until: (readings: () => Promise<number>) => Promise<unknown>,
): Promise<Killed> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-kill-'));
  try {
    const probes = [`inspector=${demo.inspector}`, witness].flatMap(probe => ['--probe', probe]);
    const flags = ['-n', '5', '-c', '1', '--size', '1kB', '--rounds', '1000', '--settle', '0.01', '-q'];
    const hunt = leakhunt(['upload', demo.url, ...probes, ...flags], folder);
    await until(() => readingsIn(folder));
    hunt.child.kill('SIGKILL');
    await hunt.ended;
    const readings = await readingsIn(folder);
    const counted = asked();
    const report = leakhunt(['report', '--json', '-'], folder);
    const { code, stdout, stderr } = await report.ended;
    return {
      readings,
      asked: counted,
      record: code === 0 ? (JSON.parse(stdout) as Hunt) : undefined,
      said: stderr,
      left: await namesIn(folder),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What is wrong with the remains of a hunt, a sentence each: nothing if all was kept before the last reading.
 */
export function faultsOf({ readings, asked, record, said, left }: Killed): string[] {
  // It had ended by itself.
  if (record?.end === 'rounds-done') return [];
  if (readings === 0) return record ? ['there is a record of nothing'] : [];
  if (!record) return [`${readings} readings were written and there is no record: ${said}`];
  const points = record.resources.find(({ name }) => name === 'open-files')?.points ?? [];
  const unread = points.length === 0 ? 0 : asked + 1 - points.at(-1)!.value;
  return [
    record.rounds.length < readings ? `${record.rounds.length} of ${readings} rounds are in the record` : '',
    readings > 1 && points.length < readings ? `${points.length} of ${readings} readings are points` : '',
    // The last reading in the record and one that was about to be written.
    unread > 6 ? `the witness was asked ${unread} times since the last reading of the record began` : '',
    record.end === 'interrupted' ? '' : `it ended by ${record.end}`,
    left.some(name => name.endsWith('.journal')) ? 'the journal is still there' : '',
  ].filter(Boolean);
}

async function readingsIn(folder: string): Promise<number> {
  const name = (await namesIn(folder)).find(each => each.endsWith('.journal'));
  if (name === undefined) return 0;
  const lines = (await readFile(join(folder, '.leakhunt', name), 'utf8')).split('\n').slice(0, -1);
  return lines.filter(line => line.startsWith('{"type":"reading"')).length;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(join(folder, '.leakhunt')).catch(() => [])).filter(name => name !== '.gitignore');
}

/** Resolves when this many readings are in the journal. */
export async function untilReadings(count: number, readings: () => Promise<number>): Promise<void> {
  while ((await readings()) < count) await sleep(2);
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function leakhunt(args: string[], cwd: string): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', text => {
      output[name] += text;
    });
  }
  const ended = new Promise<Ended>(resolve =>
    child.once('close', code => resolve({ code, stdout: output.stdout, stderr: output.stderr })),
  );
  return { child, ended };
}
