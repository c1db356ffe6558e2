import { availableParallelism } from 'node:os';
import { urlIn } from '../address.js';
import { usageError } from '../errors.js';
import { type FixtureSpec, makeFixture } from '../fixtures/fixture.js';
import { type Expectation, parseStatuses } from '../load/expectation.js';
import type { Scenario } from '../load/scenario.js';
import { parseScenarios } from '../load/scenarios/parse.js';
import { type DialOptions, dialOptionsIn } from '../net/dial-options.js';
import { proxyOf } from '../net/proxy.js';
import { type ProbeRequest, parseProbe } from '../probes/index.js';
import { redactAddress } from '../redact.js';
import type { StartOptions } from '../target/start/started-target.js';
import { defaultMargins, type Margins, tolerancesBeside } from '../verdict/margins.js';
import { type Drain, parseDrain } from './drain.js';
import { defaultMaxDisk, defaultMaxMemory } from './memory-guard.js';
import { defaultFixture, type HuntOptions, type ReadOptions } from './options.js';

/** What has no default: there, or not. */
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

/** Every choice made, every value checked: what a hunt is going to do. */
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
  /** Of what the user has set no margin for. */
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

/** How to connect; what is not said stays away. */
function connectionOf(options: HuntOptions): DialOptions {
  return {
    ...dialOptionsIn(options),
    connectTimeout: positive('--connect-timeout', options.connectTimeout ?? 10),
    insecure: options.insecure ?? false,
    http2: options.http2 ?? false,
  };
}

/** Beyond a proxy nothing of this machine need hold the URL's port. */
function startOf(start: NonNullable<HuntOptions['start']>, url: URL, options: DialOptions): StartOptions {
  const direct = proxyOf(url, options) === undefined;
  const via = { url, options };
  return { ready: url, readyTimeout: 30, stopTimeout: 5, ...start, via, url: direct ? url : undefined };
}

/** What complete uploads are to be answered; those of `reject` are to be refused, whatever is said of the others. */
function expectedOf({ expect, expectStatus, scenarios }: HuntOptions): Expectation | undefined {
  if (expect === undefined && !expectStatus?.length) return undefined;
  if (parseScenarios(scenarios ?? 'complete').every(({ kind }) => kind === 'reject')) {
    throw usageError(
      'BAD_EXPECT',
      '--expect and --expect-status only apply to complete uploads, and --scenario reject expects a 4xx: remove them.',
    );
  }
  return { text: expect, statuses: expectStatus?.length ? expectStatus.flatMap(parseStatuses) : undefined };
}

/** Two sizes at least, or there is nothing to tell apart; the user's own files have the sizes they have. */
function sizesOf({ sizes, form, body, fixture }: ReadOptions): number[] | undefined {
  if (!sizes) return undefined;
  if (form?.length || body)
    throw usageError(
      'BAD_SIZES',
      '--sizes generates files, but -F or -d sends your own: use only one of them.',
    );
  if (new Set(sizes).size < 2 || new Set(sizes).size < sizes.length)
    throw usageError(
      'BAD_SIZES',
      `--sizes ${sizes.join(',')} needs at least two different sizes, e.g. 1kB,100kB,1MB.`,
    );
  for (const size of sizes) checked({ ...(fixture ?? defaultFixture), size });
  return sizes;
}

/** An address to upload to. Throws a usage error. */
export function parseUrl(text: string): URL {
  const url = urlIn(text);
  if (!url) {
    throw usageError(
      'BAD_URL',
      `"${redactAddress(text)}" is not a URL: write it as http://localhost:8000/upload.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw usageError(
      'BAD_URL',
      `"${url.protocol}//" is not a scheme that leakhunt supports: use http:// or https://.`,
    );
  }
  return url;
}

/** A method is a token (RFC 9110, section 5.6.2); of HEAD no answer could be read to its end. */
function tokenOf(method: string): string {
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(method) && !/^(HEAD|CONNECT)$/i.test(method)) return method;
  throw usageError('BAD_METHOD', `-X "${method}" is not a method that uploads: use POST, PUT or PATCH.`);
}

function checked(spec: FixtureSpec): FixtureSpec {
  makeFixture(spec);
  return spec;
}

/** A choice of pace that need not be made. */
function paced(flag: string, value: number | undefined): number | undefined {
  if (value === undefined || (value > 0 && Number.isFinite(value))) return value;
  throw usageError('BAD_NUMBER', `${flag} ${value} is out of range: give a number above 0.`);
}

function threads(): number {
  return Math.max(1, availableParallelism() - 1);
}

function whole(flag: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = `a whole number from ${least} to ${most.toLocaleString('en-US')}`;
  throw usageError('BAD_NUMBER', `${flag} ${value} is out of range: give ${range}.`);
}

function positive(flag: string, value: number, unit = 'seconds'): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw usageError('BAD_NUMBER', `${flag} ${value} is out of range: give a number of ${unit} above 0.`);
}
