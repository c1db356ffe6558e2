import { setTimeout as sleep } from 'node:timers/promises';
import { secondsIn } from '../../amounts.js';
import { usageError } from '../../errors.js';
import type { UploadConnection } from '../../net/uploads.js';
import { redactUrl } from '../../redact.js';
import type { Target } from '../../target/locate/locate.js';
import { trimmedEnd } from '../../text.js';
import { resourceNamed, settingsOf } from '../argument.js';
import { addressOf, jsonIn, readPage } from '../http.js';
import { openProbe, type Probe, type Source, SourceUnavailable } from '../probe.js';

const path = '/api/v1/query';
const pause = 500;

/** The result of a query: its number of series, and their sum. */
interface QueryAnswer {
  series: number;
  sum: number;
}

interface Server {
  api: URL;
  via: UploadConnection | undefined;
}

type Ask = (parameters: Record<string, string>, timeout?: number) => Promise<QueryAnswer>;

export const promqlSource: Source = {
  open: promql,
  auto: false,
  example: 'promql=URL?query=...',
};

/**
 * A query to a Prometheus server, its instant vector summed:
 * `http://prom:9090?query=process_resident_memory_bytes`.
 */
export async function promql({ via }: Target, argument?: string): Promise<Probe> {
  if (argument === undefined) {
    throw new SourceUnavailable(`it needs an address and a query: --probe '${example}'`);
  }
  const { address, settings } = settingsOf('promql', argument, ['name', 'wait']);
  const [, server, text] = /^([^?]*)\?query=(.+)$/s.exec(address) ?? [];
  if (server === undefined) {
    throw usageError('BAD_PROBE', `--probe promql has no query: write, for example, '${example}'.`);
  }
  const name = resourceNamed('promql', settings.name ?? 'rss');
  const wait = secondsOf(settings.wait ?? '20');
  const api = addressOf(server, path);
  if (!api.pathname.endsWith(path)) api.pathname = trimmedEnd(api.pathname, '/') + path;
  const query = asTyped(text!);
  const ask = (parameters: Record<string, string>, timeout?: number) =>
    answerTo({ api, via }, { query, ...parameters }, timeout);

  let isFresh: Freshness = byScrapes;
  const probe = await openProbe(
    'promql',
    redactUrl(api),
    async () => ({ values: { [name]: await nextSum(ask, isFresh, await clockOf({ api, via }), wait) } }),
    async timeout => {
      isFresh = (await knowsLookback(ask, await clockOf({ api, via }, timeout), timeout))
        ? byLookback
        : byScrapes;
    },
  );
  return { ...probe, paced: true };

  /** For older servers: whether every target was scraped since, including this one. */
  async function byScrapes(_: QueryAnswer, { moment, time }: QueryMoment): Promise<boolean> {
    const scrapes = await answerTo({ api, via }, { query: 'min(timestamp(up))', time });
    return scrapes.series > 0 && scrapes.sum >= moment;
  }

  /** Whether looking back no further than the start of the reading gives the same. */
  async function byLookback(any: QueryAnswer, { age, time }: QueryMoment): Promise<boolean> {
    return same(any, await ask({ time, lookback_delta: age.toFixed(3) }));
  }
}

/**
 * A poll: the start of the reading and the poll itself by the server's clock, and the seconds between them.
 */
interface QueryMoment {
  moment: number;
  time: string;
  age: number;
}

/** Whether all samples in a result are younger than the start of the reading. */
type Freshness = (any: QueryAnswer, poll: QueryMoment) => Promise<boolean>;

const example = 'promql=http://HOST:9090?query=process_resident_memory_bytes;name=rss';

/** A query as it is typed, or percent-escaped as an address bar shows it. */
function asTyped(query: string): string {
  return /%[\da-f]{2}/i.test(query) ? new URLSearchParams(`query=${query}`).get('query')! : query;
}

function secondsOf(text: string): number {
  const seconds = secondsIn(text) ?? 0;
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw usageError(
    'BAD_PROBE',
    `--probe promql has ";wait=${text}", which is not a number of seconds: write, for example, wait=60.`,
  );
}

/**
 * A server returns what its last scrape saw, which is up to a scrape interval old; the result's time stamp is
 * that of the query. So the query is repeated until every sample in the result is younger than the reading.
 */
async function nextSum(ask: Ask, isFresh: Freshness, moment: number, wait: number): Promise<number> {
  const start = performance.now();
  for (let age = 0; age < wait; ) {
    await sleep(pause);
    age = (performance.now() - start) / 1000;
    const time = (moment + age).toFixed(3);
    const any = await ask({ time });
    if (any.series === 0) throw empty();
    if (await isFresh(any, { moment, time, age })) return any.sum;
  }
  throw new Error(
    `no new value was scraped within ${wait} s: wait longer than the scrape interval, e.g. ;wait=60`,
  );
}

/** Nothing is scraped twice in a millisecond: looking back no further than that must find nothing. */
async function knowsLookback(ask: Ask, moment: number, timeout: number): Promise<boolean> {
  const time = moment.toFixed(3);
  const any = await ask({ time }, timeout);
  if (any.series === 0) throw empty();
  return !same(any, await ask({ time, lookback_delta: '0.001' }, timeout));
}

const same = (a: QueryAnswer, b: QueryAnswer) => a.series === b.series && a.sum === b.sum;
const empty = () => new Error('the query returns nothing: check the metric and its labels');

/** The server's own clock, in seconds. */
async function clockOf(server: Server, timeout?: number): Promise<number> {
  return (await answerTo(server, { query: 'time()' }, timeout)).sum;
}

interface Reply {
  status?: string;
  error?: string;
  data?: { resultType?: string; result?: unknown };
}

async function answerTo(
  { api, via }: Server,
  parameters: Record<string, string>,
  timeout?: number,
): Promise<QueryAnswer> {
  const url = new URL(api);
  url.search = new URLSearchParams(parameters).toString();
  const page = await readPage(url.href, { timeout, accept: 'application/json', via });
  const answered = `${redactUrl(api)} answered ${page.status}`;
  if (page.status !== 200 && !page.type.includes('json')) throw new Error(answered);
  const { status, error, data } = (jsonIn(page) ?? {}) as Reply;
  if (status !== 'success')
    throw new Error(error ? `${answered}: "${String(error).slice(0, 300)}"` : answered);
  const values = samplesOf(data).map(numberOf);
  if (!values.every(Number.isFinite))
    throw new Error('the query returns a value that is not a finite number');
  // Sorted, since the order of an answer's series is not fixed, and a sum of fractions depends on it.
  return { series: values.length, sum: values.sort((a, b) => a - b).reduce((sum, value) => sum + value, 0) };
}

/** Each `[time, value]` of an instant vector or a scalar; a native histogram has none. */
function samplesOf(data: Reply['data']): unknown[] {
  if (data?.resultType === 'scalar') return [data.result];
  if (data?.resultType === 'vector' && Array.isArray(data.result))
    return data.result.map(each => each?.value);
  throw new Error(`the query returns a ${data?.resultType}: query an instant vector`);
}

/** Values are written as strings, for JSON has no NaN. */
function numberOf(sample: unknown): number {
  const text: unknown = Array.isArray(sample) ? sample[1] : undefined;
  return typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
}
