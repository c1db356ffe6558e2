import { messageOf } from '../errors.js';
import type { Target } from '../target/locate.js';
import { addressOf, readPage } from './http.js';
import { NotThere, type Probe, probeError, type Sample } from './probe.js';
import type { ResourceName } from './resources.js';

/** A sample line of the text format; labels as they are written, between the braces. */
export interface Metric {
  name: string;
  labels: string;
  value: number;
}

/** Metrics of the Go, Node, Python and JVM client libraries, by the resource they measure; the first present counts. */
const metricsOf: Partial<Record<ResourceName, { name: string; labels?: RegExp }[]>> = {
  heap: [
    { name: 'go_memstats_heap_alloc_bytes' },
    { name: 'nodejs_heap_size_used_bytes' },
    { name: 'jvm_memory_used_bytes', labels: /area="heap"/ },
    { name: 'jvm_memory_bytes_used', labels: /area="heap"/ },
  ],
  'heap-objects': [{ name: 'go_memstats_heap_objects' }],
  external: [{ name: 'nodejs_external_memory_bytes' }],
  'direct-buffers': [
    { name: 'jvm_buffer_memory_used_bytes', labels: /id="direct"/ },
    { name: 'jvm_buffer_pool_used_bytes', labels: /pool="direct"/ },
  ],
  goroutines: [{ name: 'go_goroutines' }],
  threads: [{ name: 'go_threads' }, { name: 'jvm_threads_live_threads' }, { name: 'jvm_threads_current' }],
  'active-handles': [{ name: 'nodejs_active_handles_total' }],
  'open-files': [{ name: 'process_open_fds' }, { name: 'process_files_open_files' }],
  stack: [{ name: 'go_memstats_stack_inuse_bytes' }],
  rss: [{ name: 'process_resident_memory_bytes' }],
};

/** A page in the Prometheus text format. It forces no collection: the heap it tells of holds garbage too. */
export async function prometheus(target: Target, argument?: string): Promise<Probe> {
  const url =
    argument === undefined ? new URL('/metrics', target.url).href : addressOf(argument, '/metrics').href;
  const page = await readPage(url, { timeout: 5_000 }).catch(error => {
    throw new NotThere(messageOf(error));
  });
  if (page.status !== 200) throw new NotThere(`${url} answered ${page.status}`);
  if (/html/i.test(page.type) || /^\s*</.test(page.text)) {
    throw new NotThere(`${url} answered with HTML, not with Prometheus text`);
  }
  if (Object.keys(sampleOf(parseMetrics(page.text)).values).length === 0) {
    throw new NotThere(`${url} has no metric of memory, threads or files that leakhunt knows`);
  }

  return {
    source: 'prometheus',
    endpoint: url,
    read: async () => {
      const page = await readPage(url).catch(error => {
        throw probeError('prometheus', `${messageOf(error)}.`, error);
      });
      if (page.status !== 200) throw probeError('prometheus', `${url} answered ${page.status}.`);
      return sampleOf(parseMetrics(page.text));
    },
  };
}

/** Name, labels in braces (a brace inside quotes is part of a value), value; a time stamp or an exemplar may follow. */
const sampleLine =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+([+-]?(?:[\d.]+(?:e[+-]?\d+)?|Inf|NaN))(?=\s|$)/i;

/** Sample lines of the text exposition format 0.0.4; comments and lines of another form are passed over. */
export function parseMetrics(text: string): Metric[] {
  const metrics: Metric[] = [];
  for (const line of text.split('\n')) {
    const match = sampleLine.exec(line);
    if (match) metrics.push({ name: match[1]!, labels: match[2] ?? '', value: Number(match[3]) });
  }
  return metrics;
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
    identity: started === undefined ? undefined : String(started),
    counter: sum('go_memstats_alloc_bytes_total') ?? sum('process_cpu_seconds_total'),
  };
}
