import type { UploadConnection } from '../net/uploads.js';
import { redactUrl } from '../redact.js';
import type { Target } from '../target/locate.js';
import type { Runtime } from '../target/runtime.js';
import type { Claim } from './belongs.js';
import { addressOf, readPage } from './http.js';
import { openProbe, type Probe, type Sample } from './probe.js';
import type { ResourceName } from './resources.js';

/** A sample line of the text format; labels as they are written, between the braces. */
export interface Metric {
  name: string;
  labels: string;
  value: number;
}

/** A label as it is written; quotes inside the value of another one have a backslash before them. */
const label = (name: string, value: string) => new RegExp(`(?:^|,)\\s*${name}\\s*=\\s*"${value}"`);

/** Metrics of the Go, Node, Python and JVM client libraries, by the resource they measure; the first present counts. */
const metricsOf: Partial<Record<ResourceName, { name: string; labels?: RegExp }[]>> = {
  heap: [
    { name: 'go_memstats_heap_alloc_bytes' },
    { name: 'nodejs_heap_size_used_bytes' },
    { name: 'jvm_memory_used_bytes', labels: label('area', 'heap') },
    { name: 'jvm_memory_bytes_used', labels: label('area', 'heap') },
  ],
  'heap-objects': [{ name: 'go_memstats_heap_objects' }],
  external: [{ name: 'nodejs_external_memory_bytes' }],
  'direct-buffers': [
    { name: 'jvm_buffer_memory_used_bytes', labels: label('id', 'direct') },
    { name: 'jvm_buffer_pool_used_bytes', labels: label('pool', 'direct') },
  ],
  goroutines: [{ name: 'go_goroutines' }],
  threads: [{ name: 'go_threads' }, { name: 'jvm_threads_live_threads' }, { name: 'jvm_threads_current' }],
  'active-handles': [{ name: 'nodejs_active_resources_total' }, { name: 'nodejs_active_handles_total' }],
  'open-files': [{ name: 'process_open_fds' }, { name: 'process_files_open_files' }],
  stack: [{ name: 'go_memstats_stack_inuse_bytes' }],
  rss: [{ name: 'process_resident_memory_bytes' }],
};

const majorGc = label('kind', 'major');

/** The sum of all series of one name on a page in the text format; undefined where it has none. */
export function metricIn(text: string, name: string): number | undefined {
  const values = parseMetrics(text).flatMap(each => (each.name === name ? each.value : []));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

/** The text form is asked for first: it is the one that every library writes. */
const accept = 'text/plain;version=0.0.4, application/openmetrics-text;q=0.5';

/** A page in the Prometheus text format. It forces no collection: the heap it tells of holds garbage too. */
export async function prometheus(target: Target, argument?: string): Promise<Probe> {
  const { via } = target;
  const url = argument === undefined ? new URL('/metrics', target.url) : addressOf(argument, '/metrics');
  const probe = await openProbe('prometheus', redactUrl(url), timeout => scrape(url, via, timeout));
  return {
    ...probe,
    claim: () => claimAt(url, via),
    metric: async name => metricIn((await readPage(url.href, { accept, via })).text, name),
  };
}

/** Metrics that only a client library of one runtime writes. */
const runtimeMarks: [RegExp, Runtime][] = [
  [/^go_(info|goroutines|memstats_)/, 'go'],
  [/^nodejs_/, 'node'],
  [/^jvm_/, 'java'],
  [/^python_/, 'python'],
];

/** When the processes began that a page tells of, mostly one, and what they run on. */
export async function claimAt(url: URL, via?: UploadConnection): Promise<Claim> {
  const metrics = parseMetrics((await readPage(url.href, { timeout: 2_000, accept, via })).text);
  const started = metrics.flatMap(({ name, value }) =>
    name === 'process_start_time_seconds' && value > 0 ? value : [],
  );
  const [, runtime] = runtimeMarks.find(([mark]) => metrics.some(({ name }) => mark.test(name))) ?? [];
  return { ...(runtime ? { runtime } : {}), started };
}

/** Reads a page of metrics. Rejects with a sentence without a full stop. */
export async function scrape(url: URL, via?: UploadConnection, timeout?: number): Promise<Sample> {
  const { address, status, type, text } = await readPage(url.href, { timeout, accept, via });
  if (status !== 200) throw new Error(`${address} answered ${status}`);
  if (/html/i.test(type) || /^\s*</.test(text)) {
    throw new Error(`${address} answered with HTML, not with Prometheus text`);
  }
  const sample = sampleIn(text);
  if (Object.keys(sample.values).length === 0) {
    const named = /^text\/plain|^$/.test(type) ? '' : ` (its content type is ${type.slice(0, 80)})`;
    throw new Error(`${address} has no metric of memory, threads or files that leakhunt knows${named}`);
  }
  return sample;
}

/** What the text format tells of a process; no values where it has no metric that is known. */
export function sampleIn(text: string): Sample {
  return sampleOf(parseMetrics(text));
}

/** Name, labels in braces (a brace inside quotes is part of a value), value; a time stamp or an exemplar may follow. */
const sampleLine =
  /^\s*([a-zA-Z_:][\w:]*)(?:\s*\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+([+-]?(?:[\d.]+(?:e[+-]?\d+)?|Inf|NaN))(?=\s|$)/i;
/** What stands between the commas; a comma inside quotes is part of a value. */
const labelPair = /(?:[^",]|"(?:[^"\\]|\\.)*")+/g;
/** A line longer than any that a library writes is passed over. */
const longestLine = 2 ** 16;

/**
 * Sample lines of the text exposition format 0.0.4 and of OpenMetrics 1.0; comments (`# EOF` too) and lines of
 * another form are passed over. A series that is written twice counts once, with its last value.
 */
export function parseMetrics(text: string): Metric[] {
  const metrics = new Map<string, Metric>();
  for (const line of text.split('\n')) {
    const match = line.length > longestLine ? null : sampleLine.exec(line);
    if (!match) continue;
    const [, name, labels = '', value] = match;
    const series = `${name}{${(labels.match(labelPair) ?? []).map(pair => pair.trim()).sort()}}`;
    metrics.set(series, { name: name!, labels, value: Number(value) });
  }
  return [...metrics.values()];
}

function sampleOf(metrics: Metric[]): Sample {
  const sum = (name: string, labels?: RegExp) => {
    const rows = metrics.filter(each => each.name === name && (labels?.test(each.labels) ?? true));
    const finite = rows.map(row => row.value).filter(value => Number.isFinite(value) && value >= 0);
    return finite.length === 0 ? undefined : finite.reduce((total, value) => total + value, 0);
  };
  const values: Sample['values'] = {};
  for (const [resource, candidates] of Object.entries(metricsOf)) {
    const value = candidates.map(each => sum(each.name, each.labels)).find(each => each !== undefined);
    if (value !== undefined) values[resource as ResourceName] = value;
  }
  const started = sum('process_start_time_seconds');
  return {
    values,
    allocated: sum('go_memstats_alloc_bytes_total'),
    peak: sum('go_memstats_sys_bytes'),
    collections: sum('go_gc_duration_seconds_count') ?? sum('nodejs_gc_duration_seconds_count', majorGc),
    identity: started === undefined ? undefined : String(started),
    counter: sum('go_memstats_alloc_bytes_total') ?? sum('process_cpu_seconds_total'),
  };
}
