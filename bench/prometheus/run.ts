/**
 * Reads a page of metrics with leakhunt and with a peer, in turn, in one process.
 * `npx tsx bench/prometheus/run.ts`
 */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, availableParallelism, loadavg, platform } from 'node:os';
import { join } from 'node:path';
import { metricsOf } from '../../src/probes/sources/prometheus-text.js';

const require = createRequire(import.meta.url);
const parsePeer = require('parse-prometheus-text-format') as (text: string) => { name: string }[];

const series = 200_000;
const repetitions = 7;
const wanted = new Set(['process_resident_memory_bytes', 'process_open_fds']);

/** Requests by route, as a service of many routes counts them, and the two metrics that a hunt reads. */
function page(): Buffer {
  const lines = ['# TYPE http_request_duration_seconds_bucket counter'];
  for (let i = 0; i < series - 2; i += 1) {
    const labels = `method="GET",route="/api/v1/things/${i % 5_000}/parts",le="${(i % 12) / 10}",pod="shop-${i % 97}",zone="eu-central-1a",instance="10.0.${i % 250}.${i % 199}:8080",job="kubernetes-pods",namespace="production",team="checkout"`;
    lines.push(`http_request_duration_seconds_bucket{${labels},version="2026.11.${i}"} ${i}`);
  }
  lines.push('process_resident_memory_bytes 54046720', 'process_open_fds 19', '');
  return Buffer.from(lines.join('\n'));
}

const bytes = page();
const clients = {
  leakhunt: async () => (await metricsOf(bytes, name => wanted.has(name))).length,
  'parse-prometheus-text-format': async () =>
    parsePeer(bytes.toString()).filter(({ name }) => wanted.has(name)).length,
};
const runs: Record<string, number[]> = Object.fromEntries(Object.keys(clients).map(name => [name, []]));
const delays: Record<string, number> = {};
for (let i = 0; i < repetitions; i += 1) {
  for (const [name, read] of Object.entries(clients)) {
    const held = watchEventLoop();
    const start = process.cpuUsage();
    if ((await read()) !== wanted.size) throw new Error(`${name} did not find the metrics.`);
    const { user, system } = process.cpuUsage(start);
    runs[name]!.push((user + system) / 1000);
    delays[name] = Math.max(delays[name] ?? 0, await held());
  }
}

/** How long others had to wait for their turn at most, in ms. */
function watchEventLoop(): () => Promise<number> {
  let [last, longest, watching] = [performance.now(), 0, true];
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (watching) setImmediate(look);
  };
  setImmediate(look);
  return async () => {
    await new Promise(resolve => setImmediate(resolve));
    watching = false;
    return longest;
  };
}

const sorted = (name: string) => runs[name]!.toSorted((a, b) => a - b);
const median = (name: string) => sorted(name)[repetitions >> 1]!;
const rows = Object.keys(clients).map(name => {
  const [least, most] = [sorted(name)[0]!, sorted(name).at(-1)!];
  const ratio = median(name) / median('leakhunt');
  return `| ${name} | ${median(name).toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)}) | ${ratio.toFixed(1)} | ${delays[name]!.toFixed(0)} ms |`;
});
const text = `# A page of metrics

Written by \`npx tsx bench/prometheus/run.ts\`: ${series.toLocaleString('en-US')} series, ${(bytes.length / 1e6).toFixed(0)} MB, of which two are wanted; ${repetitions} times in turn.
Node ${process.versions.node} on ${platform()} ${arch()}; load average at the end: ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores.

| | CPU time, median (smallest to largest) | times leakhunt's | longest that the event loop was held |
| --- | ---: | ---: | ---: |
${rows.join('\n')}

The first of leakhunt's runs includes the time in which V8 learns the code. leakhunt reads the lines of the names that it wants and passes over all others; the peer makes objects of every line.
`;
console.log(text);
await writeFile(join(import.meta.dirname, 'RESULTS.md'), text);
