import { loadavg } from 'node:os';
import { measure } from './measure.js';
import { type Client, isThere, k6, leakhunt } from './peers.js';
import { prepare } from './prepare.js';
import type { Sink } from './sink.js';
import { fromDisk, manyConnections, type Size } from './sizes.js';

/**
 * A Markdown table of peak resident sizes; k6 keeps files in memory, and is left out if they are too large.
 */
export async function memoryTable(sink: Sink, folder: string, mismatches: string[]): Promise<string> {
  const lines: string[] = [];
  const runs: [Size, Client][] = [
    [manyConnections, leakhunt],
    ...(isThere(k6) ? ([[manyConnections, k6]] as [Size, Client][]) : []),
    [fromDisk, leakhunt],
  ];
  for (const [size, client] of runs) {
    const upload = await prepare(size, sink.url, folder);
    const run = await measure(client, upload, size, sink);
    mismatches.push(...run.mismatches);
    lines.push(
      `| ${size.name} | ${client.name} | ${Math.round((run.peakBytes ?? 0) / 1e6).toLocaleString('en')} ` +
        `| ${Math.round(run.bytesPerSecond / 1e6).toLocaleString('en')} | ${loadavg()[0]!.toFixed(1)} |`,
    );
  }
  const head =
    '| uploads | client | peak rss, MB | MB/s | load average |\n| --- | --- | ---: | ---: | ---: |';
  return `${head}\n${lines.join('\n')}`;
}
