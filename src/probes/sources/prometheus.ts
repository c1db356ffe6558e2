import type { UploadConnection } from '../../net/uploads.js';
import { redactUrl } from '../../redact.js';
import type { Target } from '../../target/locate/locate.js';
import type { Runtime } from '../../target/processes/runtime.js';
import type { Claim } from '../belongs.js';
import { addressOf, readPage } from '../http.js';
import { openProbe, type Probe, type Sample, type Source } from '../probe.js';
import type { ResourceName } from '../resources.js';
import { type Metric, metricsIn, metricsOf as readMetrics } from './prometheus-text.js';

/** A label as the page writes it. */
const label = (name: string, value: string) => `${name}="${value}"`;

/**
 * Metrics of the Go, Node, Python and JVM client libraries, by the resource they measure; the first one
 * present counts.
 */
const seriesOf: Partial<Record<ResourceName, { name: string; label?: string }[]>> = {
  heap: [
    { name: 'go_memstats_heap_alloc_bytes' },
    { name: 'nodejs_heap_size_used_bytes' },
    { name: 'jvm_memory_used_bytes', label: label('area', 'heap') },
    { name: 'jvm_memory_bytes_used', label: label('area', 'heap') },
  ],
  'heap-objects': [{ name: 'go_memstats_heap_objects' }],
  external: [{ name: 'nodejs_external_memory_bytes' }],
  'direct-buffers': [
    { name: 'jvm_buffer_memory_used_bytes', label: label('id', 'direct') },
    { name: 'jvm_buffer_pool_used_bytes', label: label('pool', 'direct') },
  ],
  goroutines: [{ name: 'go_goroutines' }],
  threads: [{ name: 'go_threads' }, { name: 'jvm_threads_live_threads' }, { name: 'jvm_threads_current' }],
  'active-handles': [{ name: 'nodejs_active_resources_total' }, { name: 'nodejs_active_handles_total' }],
  'open-files': [{ name: 'process_open_fds' }, { name: 'process_files_open_files' }],
  stack: [{ name: 'go_memstats_stack_inuse_bytes' }],
  rss: [{ name: 'process_resident_memory_bytes' }],
};

const majorGc = label('kind', 'major');

/** What is read besides the resources. */
const others = [
  'process_start_time_seconds',
  'go_memstats_alloc_bytes_total',
  'go_memstats_sys_bytes',
  'go_gc_duration_seconds_count',
  'nodejs_gc_duration_seconds_count',
  'process_cpu_seconds_total',
];
const read = new Set([...Object.values(seriesOf).flatMap(each => each.map(({ name }) => name)), ...others]);
const isRead = (name: string) => read.has(name);

/** The sum of all series of one name on a page in the text format; undefined if there are none. */
export function metricIn(text: string, name: string): number | undefined {
  return sumOf(metricsIn(text, each => each === name));
}

function sumOf(metrics: readonly Metric[]): number | undefined {
  return metrics.length === 0 ? undefined : metrics.reduce((sum, { value }) => sum + value, 0);
}

/** Bytes. A larger page makes work and garbage in the target: it is fetched once in each reading. */
const largePage = 8 * 2 ** 20;

/** The text format is preferred: every library writes it. */
const accept = 'text/plain;version=0.0.4, application/openmetrics-text;q=0.5';

export const prometheusSource: Source = {
  open: prometheus,
  auto: true,
  example: 'prometheus=HOST:PORT/metrics',
  ofAnyWorker: true,
  ports: { any: true },
};

/** A page in the Prometheus text format. It forces no collection: its heap includes garbage. */
export async function prometheus(target: Target, argument?: string): Promise<Probe> {
  const { via } = target;
  const url = argument === undefined ? new URL('/metrics', target.url) : addressOf(argument, '/metrics');
  let last: Scraped | undefined;
  const sample = async (timeout?: number) => {
    last = await scraped(url, via, timeout);
    return last.sample;
  };
  const probe = await openProbe('prometheus', redactUrl(url), sample);
  return {
    ...probe,
    read: (again, moment) =>
      again && last && last.size > largePage ? Promise.resolve(last.sample) : probe.read(again, moment),
    claim: () => claimAt(url, via),
    metric: async name => {
      const { bytes } = await readPage(url.href, { accept, via });
      return sumOf(await readMetrics(bytes, each => each === name));
    },
  };
}

/** Metrics that only a client library of one runtime writes. */
const runtimeMarks: [RegExp, Runtime][] = [
  [/^go_(info|goroutines|memstats_)/, 'go'],
  [/^nodejs_/, 'node'],
  [/^jvm_/, 'java'],
  [/^python_/, 'python'],
];

/** When the processes on a page began (usually one), and their runtime. */
export async function claimAt(url: URL, via?: UploadConnection): Promise<Claim> {
  const { bytes } = await readPage(url.href, { timeout: 2_000, accept, via });
  const marked = new Set<Runtime>();
  const metrics = await readMetrics(bytes, name => {
    const [, runtime] = runtimeMarks.find(([mark]) => mark.test(name)) ?? [];
    if (runtime) marked.add(runtime);
    return name === 'process_start_time_seconds';
  });
  const runtime = runtimeMarks.find(([, each]) => marked.has(each))?.[1];
  return {
    ...(runtime ? { runtime } : {}),
    started: metrics.flatMap(({ value }) => (value > 0 ? value : [])),
  };
}

interface Scraped {
  sample: Sample;
  /** The size limit of the page, in bytes. */
  size: number;
}

/** Reads a page of metrics. Rejects with a sentence without a full stop. */
export async function scrape(url: URL, via?: UploadConnection, timeout?: number): Promise<Sample> {
  return (await scraped(url, via, timeout)).sample;
}

async function scraped(url: URL, via?: UploadConnection, timeout?: number): Promise<Scraped> {
  const { address, status, type, bytes } = await readPage(url.href, { timeout, accept, via });
  if (status !== 200) throw new Error(`${address} answered ${status}`);
  if (/html/i.test(type) || beginsWithTag(bytes)) {
    throw new Error(`${address} answered with HTML, not with Prometheus text`);
  }
  const sample = sampleOf(await readMetrics(bytes, isRead));
  if (Object.keys(sample.values).length === 0) {
    const named = /^text\/plain|^$/.test(type) ? '' : ` (its content type is ${type.slice(0, 80)})`;
    throw new Error(`${address} has no metric for memory, threads or files that leakhunt knows${named}`);
  }
  return { sample, size: bytes.length };
}

function beginsWithTag(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 1024)).trimStart().startsWith('<');
}

/** The values for a process on a page in the text format; none if it has no known metric. */
export function sampleIn(text: string): Sample {
  return sampleOf(metricsIn(text, isRead));
}

function sampleOf(metrics: readonly Metric[]): Sample {
  const sum = (name: string, label?: string) =>
    sumOf(metrics.filter(each => each.name === name && (label === undefined || each.labels.includes(label))));
  const values: Sample['values'] = {};
  for (const [resource, candidates] of Object.entries(seriesOf)) {
    const told = candidates.map(each => sum(each.name, each.label)).filter(each => each !== undefined);
    const value = told.find(Number.isFinite) ?? told[0];
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
