import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, loadavg, platform, totalmem } from 'node:os';
import { goVersion } from './sink.js';
import { connections, repetitions, type Size } from './sizes.js';

export interface Results {
  tables: { size: Size; bodyBytes: number; table: string }[];
  /** What was left out, and why. */
  skipped: string[];
  mismatches: string[];
  /** A table of its own; empty if it was not measured. */
  memory: string;
}

/** Cores, versions, and how busy the machine was before the first upload. */
export function machine(): string {
  const gigabytes = Math.round(totalmem() / 1e9);
  return [
    `${platform()} ${arch()}, ${availableParallelism()} cores, ${gigabytes} GB of memory`,
    `Node ${process.versions.node}, undici ${versionOf('undici')}, autocannon ${versionOf('autocannon')}`,
    `${goVersion()} for the sink`,
    `load average before the run ${loadavg()[0]!.toFixed(1)}`,
  ].join('; ');
}

/** The text of RESULTS.md, or of a run of some clients; `command` is the command that was run. */
export function write(
  where: string,
  command: string,
  { tables, skipped, mismatches, memory }: Results,
): string {
  const counted =
    mismatches.length === 0
      ? 'Every client and the sink agree on the number of uploads and bytes.'
      : ['**MISMATCH** between a client and the sink:', '', ...mismatches.map(each => `- ${each}`)].join(
          '\n',
        );
  return [
    '# Upload throughput',
    `Written by \`${command}\`. Medians of ` +
      `${repetitions} interleaved repetitions, ${connections} connections, multipart uploads over loopback.`,
    `Machine: ${where}.`,
    ...tables.flatMap(({ size, bodyBytes, table }) => [
      `## ${size.name}`,
      `${size.uploads.toLocaleString('en')} uploads each (curl ${size.curlUploads}, wrk 2 s), ` +
        `a file of ${size.fileBytes.toLocaleString('en')} bytes in a body of ${bodyBytes.toLocaleString('en')}.`,
      table,
    ]),
    ...(memory === ''
      ? []
      : [
          '## Memory',
          'The largest resident size of a client, once each: 100 connections, and files too large to hold in memory.',
          memory,
        ]),
    '## Reading it',
    counted,
    ...skipped,
    notes,
  ].join('\n\n');
}

const notes = `- One sink serves all: a Go program on one core that reads each request to its end and answers 200. The same in
  Node was the bottleneck: it held wrk to half of what it does here.
- Speed is by the sink's clock, from the first byte of the first upload to the last answer, so start-up time does not
  count. CPU time leaves out the start-up of the Node clients, and is all of it for the others.
- The ratio compares runs of the same repetition; in brackets the smallest and the largest. Above 1, leakhunt is faster.
- On a machine that does other work at the same time (see the load average) speeds and ratios are chance; CPU s/GB and
  peak rss still compare.
- autocannon frames its form once and repeats it, as leakhunt does: both of its rows send a prebuilt request.
- The row of undici is a pool with one request under way on each connection; it frames the head of each request anew.
- ab and wrk are C: they show what the kernel allows one thread. k6 and vegeta (Go) and oha (Rust) use every core.
- wrk and vegeta know a duration, not a count: they stop with up to ${connections} uploads under way.
- A second thread of leakhunt's takes the core that the sink needs on this machine: it pays only where there are more.
- The peak rss is of the largest process of a client; where no client reports its own it is looked up every 25 ms.
`;

function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  return JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')).version;
}
