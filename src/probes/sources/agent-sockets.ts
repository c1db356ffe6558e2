import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../target/locate/locate.js';
import { agentsName } from '../../target/processes/agents-folder.js';
import { argumentsOf, environmentOf, treeOf } from '../../target/processes/procfs.js';
import { runtimeOf } from '../../target/processes/runtime.js';
import { noProcess, SourceKeptOut, SourceUnavailable } from '../probe.js';

/** In ms: a worker that was forked just now has still to open its socket. */
const longestWait = 1_000;
const pause = 50;

/** The sockets of the agents in a target's processes, in the folder that was made for them when it was started. */
export async function agentSockets({ pid }: Target): Promise<string[]> {
  if (pid === undefined) return [];
  const deadline = performance.now() + longestWait;
  while (true) {
    const found = await Promise.all((await treeOf(pid)).map(agentOf));
    const isComplete = found.every(
      ({ path, python, started, why }) => path !== undefined || !python || !started || why,
    );
    if (isComplete || performance.now() > deadline) return found.flatMap(({ path }) => path ?? []);
    await sleep(pause);
  }
}

/** Why there is no agent in any process of a target. */
export async function whyNoAgent(target: Target): Promise<SourceUnavailable> {
  if (target.pid === undefined) return noProcess(target);
  const found = await Promise.all((await treeOf(target.pid)).map(agentOf));
  const pythons = found.filter(({ python }) => python);
  if (pythons.length === 0) return new SourceUnavailable('no process of the target runs Python');
  const why = pythons.flatMap(each => each.why ?? [])[0];
  return why === undefined ? new SourceUnavailable(notThere) : new SourceKeptOut(why);
}

interface Found {
  /** Of a socket that is there. */
  path?: string;
  python: boolean;
  /** Whether it was started so that there may be one. */
  started: boolean;
  /** Why there is none all the same. */
  why?: string;
}

async function agentOf(pid: number): Promise<Found> {
  const [environment, words, runtime] = await Promise.all([
    environmentOf(pid).catch((): Record<string, string> => ({})),
    argumentsOf(pid).catch(() => []),
    runtimeOf(pid),
  ]);
  const python = runtime === 'python';
  const folder = environment[agentsName];
  if (folder === undefined) return { python, started: false };
  const path = join(folder, `${pid}.sock`);
  if (existsSync(path)) return { path, python, started: true };
  const option = python ? isolatingOption(words) : undefined;
  return {
    python,
    started: true,
    ...(option && {
      why: `Python was started with ${option}, which keeps out the agent that PYTHONPATH leads to: leave it out, or have the program import leakhunt_agent`,
    }),
  };
}

const notThere =
  'the Python process has no agent: let leakhunt start it (--start), or have it import leakhunt_agent and name its socket (--probe agent=SOCKET)';

/** Options of the interpreter that take a value. Source: Python's `python --help`. */
const withValue = /^-[bBdiOPqsuvx]*[WXm]$|^--check-hash-based-pycs$/;

/** The option of the interpreter by which it heeds no PYTHONPATH, or loads no sitecustomize: -I, -E or -S. */
export function isolatingOption([, ...words]: readonly string[]): string | undefined {
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (!/^-./.test(word) || word === '--') return undefined;
    const letters = /^-([A-Za-z]+)/.exec(word)?.[1] ?? '';
    // What follows -c, -m, -W and -X is no option of the interpreter's.
    const own = /^[^cmWX]*/.exec(letters)![0];
    const found = /[IES]/.exec(own)?.[0];
    if (found) return `-${found}`;
    if (/[cm]/.test(letters[own.length] ?? '')) return undefined;
    if (withValue.test(word)) i += 1;
  }
  return undefined;
}
