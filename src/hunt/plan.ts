import { usageError } from '../errors.js';
import type { Expectation } from '../load/expectation.js';
import type { Scenario } from '../load/scenario.js';
import { parseScenarios } from '../load/scenarios/parse.js';
import type { DialOptions } from '../net/dial-options.js';
import { type ProbeRequest, parseProbe } from '../probes/index.js';
import type { StartOptions } from '../target/start/started-target.js';
import { defaultMargins, type Margins, tolerancesBeside } from '../verdict/margins.js';
import { checked, connectionOf, expectedOf, sizesOf, startOf, tokenOf } from './checked-options.js';
import { type Drain, parseDrain } from './drain.js';
import { defaultMaxDisk, defaultMaxMemory } from './memory-guard.js';
import { paced, positive, threads, whole } from './number-options.js';
import { defaultFixture, type HuntOptions, type ReadOptions } from './options.js';
import { parseUrl } from './upload-url.js';

/** Options without a default: they may be absent. */
type Optional =
  | 'form'
  | 'sizes'
  | 'framing'
  | 'body'
  | 'traffic'
  | Exclude<keyof DialOptions, 'connectTimeout' | 'insecure'>
  | 'rate'
  | 'thinkTime'
  | 'duration'
  | 'command';

/** What a hunt is going to do: every choice is made, every value checked. */
export interface Plan
  extends Required<
      Omit<
        HuntOptions,
        | 'url'
        | 'margins'
        | 'signal'
        | 'onEvent'
        | 'probes'
        | 'start'
        | 'workers'
        | 'scenarios'
        | 'drain'
        | 'expect'
        | 'expectStatus'
        | Optional
      >
    >,
    Pick<ReadOptions, Optional> {
  url: URL;
  start: StartOptions | undefined;
  expected: Expectation | undefined;
  probes: ProbeRequest[];
  scenarios: Scenario[];
  margins: Margins;
  /** For the resources that the user has set no margin for. */
  tolerances: Partial<Margins>;
  workers: number;
  drain: Drain | undefined;
}

const mostUploads = 1_000_000;
const mostConcurrency = 10_000;

/** Throws a usage error (exit 2) that names the offending value. */
export function planHunt(options: ReadOptions): Plan {
  const duration = paced('--duration', options.duration);
  if (duration !== undefined && options.uploadsPerRound !== undefined) {
    throw usageError(
      'BAD_DURATION',
      `--duration ${duration} and -n ${options.uploadsPerRound} both set the end of a round: use only one of them.`,
    );
  }
  if (options.http2 && options.keepAlive === false) {
    throw usageError(
      'BAD_KEEPALIVE',
      '--no-keepalive opens a connection for each upload, but --http2 shares one: use only one of them.',
    );
  }
  const uploadsPerRound = whole('-n', options.uploadsPerRound ?? 100, 1, mostUploads);
  const concurrency = whole('-c', options.concurrency ?? Math.min(10, uploadsPerRound), 1, mostConcurrency);
  if (concurrency > uploadsPerRound && duration === undefined) {
    throw usageError(
      'BAD_CONCURRENCY',
      `-c ${concurrency} is more than the ${uploadsPerRound} uploads in a round: lower -c or raise -n.`,
    );
  }
  const url = parseUrl(options.url);
  const connection = connectionOf(options);
  const maxRounds = whole('--max-rounds', options.maxRounds ?? 96, 3, 10_000);
  return {
    url,
    start: options.start && startOf(options.start, url, connection),
    method: tokenOf(options.method ?? 'POST'),
    headers: options.headers ?? [],
    form: options.form,
    framing: options.framing,
    body: options.body,
    unique: options.unique ?? false,
    withoutHeaders: options.withoutHeaders ?? [],
    traffic: options.traffic,
    fixture:
      options.form?.length || options.body
        ? (options.fixture ?? defaultFixture)
        : checked(options.fixture ?? defaultFixture),
    field: options.field ?? 'file',
    scenarios: parseScenarios(options.scenarios ?? 'complete'),
    expected: expectedOf(options),
    sizes: sizesOf(options),
    uploadsPerRound,
    concurrency,
    rounds:
      options.rounds === undefined || options.rounds === 'auto'
        ? 'auto'
        : whole('--rounds', options.rounds, 3, 10_000),
    warmUpRounds: whole('--warm-up', options.warmUpRounds ?? 2, 0, 1000),
    maxRounds,
    timeLimit: positive('--time-limit', options.timeLimit ?? 600),
    minUploads: whole('--min-uploads', options.minUploads ?? 2000, 0, 1e9),
    margins: { ...defaultMargins, ...options.margins },
    tolerances: tolerancesBeside(options.margins),
    thorough: options.thorough ?? false,
    drain: options.drain === undefined ? undefined : parseDrain(options.drain),
    maxMemory: positive('--max-memory', options.maxMemory ?? defaultMaxMemory(), 'bytes'),
    maxDisk: positive('--max-disk', options.maxDisk ?? defaultMaxDisk, 'bytes'),
    probes: (options.probes?.length ? options.probes : ['auto']).map(parseProbe),
    settle: positive('--settle', options.settle ?? 2),
    maxFailed: options.maxFailed ?? 0.01,
    maxTime: positive('--max-time', options.maxTime ?? 300),
    snapshots: options.snapshots ?? true,
    allowSignals: options.allowSignals ?? false,
    location: options.location ?? false,
    ...connection,
    command: options.command,
    keepAlive: options.keepAlive ?? true,
    cookieEngine: options.cookieEngine ?? false,
    rate: paced('--rate', options.rate),
    thinkTime: paced('--think-time', options.thinkTime),
    duration,
    workers: options.workers === 'auto' ? threads() : whole('--workers', options.workers ?? 1, 1, 256),
  };
}

export function mostRoundsOf({ rounds, maxRounds }: Plan): number {
  return rounds === 'auto' ? maxRounds : rounds;
}
