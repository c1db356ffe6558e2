import { expect } from 'vitest';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';
import { serveFault, short } from './hostile.js';

const huge = '9'.repeat(400);

/** A Go program's heap profile in text, and its goroutines. */
const goHeap = (stats: Record<string, string>) =>
  ['heap profile: 0: 0 [0: 0] @ heap/1048576', '', '# runtime.MemStats']
    .concat(Object.entries(stats).map(([name, value]) => `# ${name} = ${value}`))
    .join('\n');

interface Told {
  name: string;
  probe: string;
  /** What is answered, by the beginning of the path. */
  pages: Record<string, string>;
  done: string;
  exitCode: number;
  /** In the report. */
  warns?: RegExp;
}

/** Amounts that no process can have: left out and said, never drawn. */
const told = ({ probe, pages, warns, ...fault }: Told): Fault => ({
  ...fault,
  group: 'probes',
  async run(folder) {
    const origin = await serveFault((request, response) => {
      const path = Object.keys(pages).find(each => request.url!.startsWith(each));
      if (request.method === 'POST') response.end('taken');
      else response.writeHead(path === undefined ? 404 : 200).end(pages[path ?? '']);
    });
    const ended = await shell(
      `leakhunt upload ${origin}/upload ${short} --probe '${probe.replaceAll('ORIGIN', origin)}' --json r.json --html r.html; code=$?; grep -o -e Infinity -e '"value": null' r.json >&2; exit $code`,
      folder,
    );
    expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/Infinity|NaN|"value": null/);
    if (warns) expect(ended.stdout.replace(/\s+/g, ' ')).toMatch(warns);
    return ended;
  },
});

const goroutines = 'goroutine profile: total 7\n';

export const numberFaults: Fault[] = [
  told({
    name: 'a heap of 400 digits in pprof is left out, and that is said',
    done: '`/debug/pprof/heap?debug=1` says `HeapAlloc` with 400 digits',
    probe: 'pprof=ORIGIN/debug/pprof/',
    pages: {
      '/debug/pprof/heap': goHeap({ HeapAlloc: huge, HeapObjects: '5', NumGC: '3' }),
      '/debug/pprof/goroutine': goroutines,
    },
    warns: /pprof probe reported heap as .{0,20}which is impossible for a process/,
    exitCode: 0,
  }),
  told({
    name: 'a target that tells nothing but impossible amounts cannot be measured',
    done: '`/debug/vars` says `HeapAlloc` with 400 digits',
    probe: 'expvar=ORIGIN/debug/vars',
    pages: { '/debug/vars': `{"memstats":{"HeapAlloc":${huge}}}` },
    warns: /Every value that the target reports is impossible: The expvar probe reported heap as/,
    exitCode: 4,
  }),
  told({
    name: 'a heap below nothing is left out',
    done: '`/debug/vars` says a negative `HeapAlloc`',
    probe: 'expvar=ORIGIN/debug/vars',
    pages: { '/debug/vars': '{"memstats":{"HeapAlloc":-5,"HeapObjects":10}}' },
    warns: /expvar probe reported heap as -5, which is impossible for a process/,
    exitCode: 0,
  }),
  told({
    name: 'more than can be counted exactly is left out',
    done: 'a page of JSON says 2 to the power of 60',
    probe: 'json=ORIGIN/stats#/used',
    pages: { '/stats': '{"used":1152921504606846976}' },
    warns: /json probe reported heap as 1152921504606847000/,
    exitCode: 4,
  }),
  told({
    name: 'metrics that are no numbers are left out',
    done: 'a Prometheus page says NaN, -Inf and 400 digits',
    probe: 'prometheus=ORIGIN/metrics',
    pages: {
      '/metrics': `go_goroutines NaN\ngo_threads -Inf\nprocess_open_fds ${huge}\nprocess_resident_memory_bytes 5e6\n`,
    },
    warns: /prometheus probe reported goroutines as not a number, threads as/,
    exitCode: 0,
  }),
  told({
    name: 'a metric of 1e400 in the actuator is left out',
    done: '`/actuator/metrics/jvm.memory.used` says 1e400',
    probe: 'actuator=ORIGIN/actuator',
    pages: {
      '/actuator/metrics/jvm.memory.used': '{"measurements":[{"value":1e400}]}',
      '/actuator/metrics/jvm.threads.live': '{"measurements":[{"value":20}]}',
    },
    warns: /actuator probe reported heap as/,
    exitCode: 0,
  }),
  told({
    name: 'a count of allocations beyond counting spoils nothing else',
    done: '`/debug/vars` says `TotalAlloc` and `Sys` with 400 digits',
    probe: 'expvar=ORIGIN/debug/vars',
    pages: { '/debug/vars': `{"memstats":{"HeapAlloc":1000000,"TotalAlloc":${huge},"Sys":${huge}}}` },
    warns: /expvar probe reported allocated as/,
    exitCode: 0,
  }),
];
