import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { askAgent } from '../../src/probes/sources/agent-socket.js';
import { cpuSecondsOf } from '../../src/target/processes/procfs.js';

/** What the agent in a Python process costs: median latency and CPU of an upload without it, with it, and traced. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const server = join(root, 'fixtures/targets/python-plain/server.py');
const body = Buffer.alloc(5_000, 'x');
const turns = 40;
const uploadsPerTurn = 100;
const limits = { time: 60_000, size: 64 * 2 ** 20 };

interface Measured {
  name: string;
  port: number;
  pid: number;
  seconds: number[];
  cpu: number;
}

const sockets = await mkdtemp(join(tmpdir(), 'leakhunt-bench-'));
const children: ReturnType<typeof spawn>[] = [];

async function started(name: string, port: number, env: Record<string, string>): Promise<Measured> {
  const child = spawn('python3', [server], { env: { ...process.env, ...env, PORT: String(port) } });
  children.push(child);
  const measured = { name, port, pid: child.pid!, seconds: [], cpu: 0 };
  for (let i = 0; i < 100; i += 1) {
    const up = await upload(measured).then(
      () => true,
      () => false,
    );
    if (up) return measured;
    await sleep(50);
  }
  throw new Error(`${name} does not answer`);
}

const connections = new Agent({ keepAlive: true });

async function upload({ port }: Pick<Measured, 'port'>): Promise<number> {
  const start = performance.now();
  const options = { port, host: '127.0.0.1', path: '/upload', method: 'POST', agent: connections };
  const sent = request({ ...options, headers: { 'content-length': body.length } });
  const answered = once(sent, 'response');
  sent.end(body);
  const [response] = await answered;
  await once(response.resume(), 'end');
  return (performance.now() - start) / 1000;
}

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const micro = (seconds: number) => `${(seconds * 1e6).toFixed(0)} us`;

const withAgent = { PYTHONPATH: join(root, 'agents/python'), LEAKHUNT_AGENTS: sockets };
const code = { PYTHONDONTWRITEBYTECODE: '1' };
try {
  const plain = await started('without the agent', 18_181, code);
  const beside = await started('with the agent', 18_182, { ...code, ...withAgent });
  const traced = await started('with the agent, traced', 18_183, { ...code, ...withAgent });
  const ask = ({ pid }: Measured, what: object) => askAgent(join(sockets, `${pid}.sock`), what, limits);
  await ask(traced, { do: 'trace', what: 'on' });
  const all = [plain, beside, traced];
  for (let turn = 0; turn < turns; turn += 1) {
    for (const each of turn % 2 ? all : all.toReversed()) {
      const before = await cpuSecondsOf([each.pid]);
      for (let i = 0; i < uploadsPerTurn; i += 1) each.seconds.push(await upload(each));
      each.cpu += (await cpuSecondsOf([each.pid])) - before;
    }
  }
  console.log(execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim());
  for (const { name, seconds, cpu } of all) {
    console.log(`${name}: median ${micro(middle(seconds))}, CPU ${micro(cpu / seconds.length)} per upload`);
  }
  const readings: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    const start = performance.now();
    await ask(beside, { do: 'read' });
    readings.push((performance.now() - start) / 1000);
  }
  const start = performance.now();
  await ask(traced, { do: 'sites', most: 500 });
  console.log(
    `a reading: ${micro(middle(readings))}; a profile: ${micro((performance.now() - start) / 1000)}`,
  );
} finally {
  connections.destroy();
  for (const child of children) child.kill();
  await rm(sockets, { recursive: true });
}
