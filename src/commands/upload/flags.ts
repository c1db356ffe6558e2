import { usageError } from '../../errors.js';
import type { FixtureKind } from '../../fixtures/fixture.js';
import { defaultFixture, type HuntOptions, type ReadOptions } from '../../hunt/options.js';
import { hidden } from '../../redact.js';
import { parseBytes } from '../../units.js';
import { marginsOf } from '../../verdict/margins.js';
import type { HuntRequest } from '../curl/request.js';
import type { KeepFlags } from '../history/keep.js';
import type { ReportFlags } from '../outputs/flags.js';

/** What the command line of `upload` contains, flag by flag. */
export interface Flags extends ReportFlags, KeepFlags {
  n?: number;
  rate?: number;
  thinkTime?: number;
  duration?: number;
  workers?: number | 'auto';
  keepalive?: boolean;
  unique?: boolean;
  concurrency?: number;
  rounds: number | 'auto';
  warmUp: number;
  maxRounds: number;
  timeLimit: number;
  minUploads: number;
  thorough?: boolean;
  drain?: string;
  maxMemory?: string;
  maxDisk?: string;
  scenario?: string;
  size?: string;
  sizes?: string;
  snapshots?: boolean;
  kind?: FixtureKind;
  seed?: number;
  field?: string;
  allowSignals?: boolean;
  probe?: string[];
  maxGrowth?: string[];
  expectStatus?: string[];
  expect?: string;
  maxFailed?: number;
  settle?: number;
  start?: string;
  stop?: string;
  cwd?: string;
  env?: [string, string][];
  ready?: URL;
  readyTimeout?: number;
  stopTimeout?: number;
  traffic?: number;
  memoryLimit?: string;
  profiles?: string;
  baseline?: string;
  quiet?: boolean;
}

/** The fixture that a hunt generates, as the user asked for; undefined if a request brings its own body. */
export function generates({ size, kind, seed, field }: Flags): boolean {
  return [size, kind, seed, field].some(each => each !== undefined);
}

/** The same as options of a hunt. Throws a usage error if flags contradict each other. */
export function optionsOf(request: HuntRequest & { url: string }, flags: Flags): ReadOptions {
  const { size, kind, seed } = flags;
  if (generates(flags) && (request.form || request.body)) {
    const given = request.form ? '-F' : 'data';
    throw usageError(
      'BAD_FORM',
      `Both ${given} and a generated file (--size, --kind, --seed, --field) are given: use only one of them.`,
    );
  }
  return {
    ...flags,
    ...request,
    start: startOf(flags),
    uploadsPerRound: flags.n,
    warmUpRounds: flags.warmUp,
    keepAlive: flags.keepalive,
    scenarios: flags.scenario,
    sizes: flags.sizes?.split(',').map(each => parseBytes(each.trim())),
    fixture: {
      kind: kind ?? defaultFixture.kind,
      size: size === undefined ? defaultFixture.size : parseBytes(size),
      seed: seed ?? defaultFixture.seed,
    },
    traffic: trafficOf(flags),
    probes: flags.probe,
    // A known leak must not end the hunt before a new one is found.
    thorough: flags.thorough ?? flags.baseline !== undefined,
    maxMemory: flags.maxMemory === undefined ? undefined : parseBytes(flags.maxMemory),
    maxDisk: flags.maxDisk === undefined ? undefined : parseBytes(flags.maxDisk),
    margins: marginsOf(flags.maxGrowth ?? []),
  };
}

/** The flags about starting the target; those that were not given are left to the defaults. */
function startOf(flags: Flags): HuntOptions['start'] {
  const { start, stop, cwd, env, ready, readyTimeout, stopTimeout } = flags;
  if (start !== undefined) {
    const given = { stop, ready, readyTimeout, stopTimeout };
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { command: start, cwd, env: Object.fromEntries(env ?? []), ...said };
  }
  if ([stop, cwd, env, ready].every(each => each === undefined)) return undefined;
  throw usageError(
    'BAD_START',
    '--stop, --cwd, --env and --ready only apply to a target that leakhunt starts: add --start.',
  );
}

/** The `KEY=VALUE` of `--env`. */
export function pairOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw usageError('BAD_ENV', `--env "${hidden}" is not KEY=VALUE: write, for example, --env PORT=8000.`);
}

function trafficOf({ traffic, memoryLimit }: Flags): HuntOptions['traffic'] {
  if (traffic !== undefined) {
    return {
      uploadsPerSecond: traffic,
      memoryLimit: memoryLimit === undefined ? undefined : parseBytes(memoryLimit),
    };
  }
  if (memoryLimit === undefined) return undefined;
  throw usageError(
    'BAD_TRAFFIC',
    '--memory-limit needs a rate for the forecast: add --traffic, e.g. 10000/day.',
  );
}
