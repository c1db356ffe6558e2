import { usageError } from '../errors.js';
import { type FixtureSpec, makeFixture } from '../fixtures/fixture.js';
import { type ProbeRequest, parseProbe } from '../probes/index.js';
import { redactAddress } from '../redact.js';
import type { StartOptions } from '../target/start.js';
import { defaultMargins, type Margins } from '../verdict/margins.js';
import { defaultFixture, type HuntOptions } from './options.js';

/** Every choice made, every value checked: what a hunt is going to do. */
export interface Plan
  extends Required<
    Omit<HuntOptions, 'url' | 'margins' | 'signal' | 'onEvent' | 'form' | 'probes' | 'traffic' | 'start'>
  > {
  url: URL;
  start: StartOptions | undefined;
  probes: ProbeRequest[];
  form: HuntOptions['form'];
  traffic: HuntOptions['traffic'];
  margins: Margins;
}

const mostUploads = 1_000_000;
const mostConcurrency = 10_000;

/** Throws a usage error (exit 2) that names the offending value. */
export function planHunt(options: HuntOptions): Plan {
  const uploadsPerRound = whole('-n', options.uploadsPerRound ?? 100, 1, mostUploads);
  const concurrency = whole('-c', options.concurrency ?? Math.min(10, uploadsPerRound), 1, mostConcurrency);
  if (concurrency > uploadsPerRound) {
    throw usageError(
      'BAD_CONCURRENCY',
      `-c ${concurrency} is more than the ${uploadsPerRound} uploads of a round: lower -c or raise -n.`,
    );
  }
  const url = parseUrl(options.url);
  const maxRounds = whole('--max-rounds', options.maxRounds ?? 96, 3, 10_000);
  return {
    url,
    start: options.start && { ready: url, readyTimeout: 30, stopTimeout: 5, ...options.start },
    method: tokenOf(options.method ?? 'POST'),
    headers: options.headers ?? [],
    form: options.form,
    traffic: options.traffic,
    fixture: options.form?.length
      ? (options.fixture ?? defaultFixture)
      : checked(options.fixture ?? defaultFixture),
    field: options.field ?? 'file',
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
    probes: (options.probes?.length ? options.probes : ['auto']).map(parseProbe),
    settle: positive('--settle', options.settle ?? 2),
    maxFailed: options.maxFailed ?? 0.01,
    maxTime: positive('--max-time', options.maxTime ?? 300),
    connectTimeout: positive('--connect-timeout', options.connectTimeout ?? 10),
    insecure: options.insecure ?? false,
    allowSignals: options.allowSignals ?? false,
    location: options.location ?? false,
  };
}

/** An address to upload to. Throws a usage error. */
export function parseUrl(text: string): URL {
  const whole = /^[\w+.-]+:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole)) {
    throw usageError(
      'BAD_URL',
      `"${redactAddress(text)}" is not a URL: write it as http://localhost:8000/upload.`,
    );
  }
  const url = new URL(whole);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw usageError(
      'BAD_URL',
      `"${url.protocol}//" is not a scheme leakhunt uploads by: use http:// or https://.`,
    );
  }
  return url;
}

/** A method is a token (RFC 9110, section 5.6.2); of HEAD no answer could be read to its end. */
function tokenOf(method: string): string {
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(method) && !/^(HEAD|CONNECT)$/i.test(method)) return method;
  throw usageError('BAD_METHOD', `-X "${method}" is not a method to upload with: use POST, PUT or PATCH.`);
}

function checked(spec: FixtureSpec): FixtureSpec {
  makeFixture(spec);
  return spec;
}

function whole(flag: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = `a whole number from ${least} to ${most.toLocaleString('en-US')}`;
  throw usageError('BAD_NUMBER', `${flag} ${value} is out of range: give ${range}.`);
}

function positive(flag: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw usageError('BAD_NUMBER', `${flag} ${value} is out of range: give a number of seconds above 0.`);
}
