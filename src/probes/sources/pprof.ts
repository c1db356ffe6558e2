import { messageOf } from '../../errors.js';
import type { UploadConnection } from '../../net/uploads.js';
import { redactUrl } from '../../redact.js';
import type { Target } from '../../target/locate/locate.js';
import { addressOf, type Page, readPage } from '../http.js';
import {
  type Probe,
  probeError,
  type RawProfile,
  type Sample,
  type Source,
  SourceUnavailable,
} from '../probe.js';

const folder = '/debug/pprof/';

/** Bytes to a sample where nothing else was set. Source: Go's runtime/mprof.go, `MemProfileRate`. */
const usualRate = 512 * 1024;

/** A profile is not waited for as long (ms) as a reading: a hunt goes on without one. */
const longestProfile = 10_000;

export const pprofSource: Source = {
  open: pprof,
  auto: true,
  example: 'pprof=HOST:PORT',
  collects: true,
  runtime: 'go',
  ports: { any: true, usual: 6060 },
  advice: {
    go: {
      sentence: 'Serve net/http/pprof, or give its address with --probe pprof=HOST:PORT.',
      todo: 'import _ "net/http/pprof" and serve it, to see the heap exactly and the goroutines',
    },
  },
  ancestors: 'GODEBUG=tracebackancestors=10',
};

/** Go's net/http/pprof: exact `runtime.MemStats` after a forced collection, and the number of goroutines. */
export async function pprof(target: Target, argument?: string): Promise<Probe> {
  const { via } = target;
  const base = argument === undefined ? new URL(folder, target.url).href : baseOf(argument);
  const page = await readPage(`${base}heap?debug=1`, { timeout: 5_000, via }).catch(error => {
    throw new SourceUnavailable(messageOf(error));
  });
  if (page.status !== 200) throw new SourceUnavailable(`${page.address} answered ${page.status}`);
  if (memStats(page.text).HeapAlloc === undefined)
    throw new SourceUnavailable(`${page.address} is not a Go heap profile`);

  let goroutines = '';
  const rate = rateIn(page.text);
  return {
    source: 'pprof',
    ...(rate === usualRate ? { finer: 'GODEBUG=memprofilerate=4096' } : {}),
    endpoint: redactUrl(new URL(base)),
    claim: async () => ({ runtime: 'go', command: await commandAt(`${base}cmdline`, via) }),
    collect: async () => void (await fetchText(`${base}heap?gc=1&debug=1`, via)),
    read: async () => {
      // Collected in the same request: otherwise, garbage of an earlier one would be counted as objects.
      const stats = memStats(await fetchText(`${base}heap?gc=1&debug=1`, via));
      goroutines = await fetchText(`${base}goroutine?debug=1`, via);
      return sampleOf(stats, Number(/^goroutine profile: total (\d+)/.exec(goroutines)?.[1]));
    },
    profile: async () => [
      { format: 'go-heap', bytes: await fetchProfile(`${base}heap?gc=1`, via) },
      { format: 'go-goroutine', bytes: Buffer.from(goroutines) },
    ],
    dump: async () => [
      { format: 'go-goroutine-dump', bytes: await fetchProfile(`${base}goroutine?debug=2`, via) },
      ...(await leakedGoroutines(base, via)),
    ],
  };
}

function baseOf(argument: string): string {
  const url = addressOf(argument, folder);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url.href;
}

/** If it is not served, another page may be returned; a command line hardly ever has line breaks. */
async function commandAt(url: string, via?: UploadConnection): Promise<string | undefined> {
  const page = await readPage(url, { timeout: 2_000, via });
  const isCommand = page.status === 200 && !/html|json/i.test(page.type) && !/^\s*<|\n/.test(page.text);
  return isCommand && page.text !== '' ? page.text : undefined;
}

/** Go 1.27, or 1.26 with GOEXPERIMENT=goroutineleakprofile; the request makes the target search for them. */
async function leakedGoroutines(base: string, via?: UploadConnection): Promise<RawProfile[]> {
  const page = await readPage(`${base}goroutineleak?debug=1`, { timeout: longestProfile, via }).catch(
    () => undefined,
  );
  return page?.status === 200 ? [{ format: 'go-goroutine-leak', bytes: page.bytes }] : [];
}

async function fetchText(url: string, via?: UploadConnection): Promise<string> {
  return (await fetchPage(url, via)).text;
}

async function fetchProfile(url: string, via?: UploadConnection): Promise<Uint8Array> {
  return (await fetchPage(url, via, longestProfile)).bytes;
}

async function fetchPage(url: string, via?: UploadConnection, timeout?: number): Promise<Page> {
  const page = await readPage(url, { timeout, via }).catch(error => {
    throw probeError('pprof', `${messageOf(error)}.`, error);
  });
  if (page.status !== 200) throw probeError('pprof', `${page.address} answered ${page.status}.`);
  return page;
}

/**
 * Bytes to a sample, of which the first line of a heap profile in text form has twice as many: `heap profile: 1: 64
 * [3: 192] @ heap/1048576`. Source: Go's runtime/pprof, `writeHeapInternal`.
 */
export function rateIn(text: string): number | undefined {
  const [first = ''] = text.slice(0, 200).split('\n', 1);
  const [start = '', twice] = first.split('@ heap/');
  return start.startsWith('heap profile: ') && twice !== undefined ? Number(twice) / 2 : undefined;
}

/**
 * The trailer of a heap profile in text form: `# HeapAlloc = 275112`, `# Stack = 524288 / 524288` (the first
 * number is taken). Source: Go's runtime/pprof, `writeHeapInternal`.
 */
export function memStats(text: string): Record<string, number> {
  const stats: Record<string, number> = {};
  const trailer = text.slice(Math.max(0, text.lastIndexOf('# runtime.MemStats')));
  for (const [, name, value] of trailer.matchAll(/^# (\w+) = (\d+)/gm)) stats[name!] = Number(value);
  return stats;
}

function sampleOf(stats: Record<string, number>, goroutines: number): Sample {
  const { HeapAlloc, HeapObjects, HeapReleased = 0, Stack, TotalAlloc, Sys, NumGC } = stats;
  if (HeapAlloc === undefined || Number.isNaN(goroutines)) {
    throw probeError('pprof', "the heap or goroutine profile is not in Go's format.");
  }
  return {
    values: {
      heap: HeapAlloc,
      ...(HeapObjects === undefined ? {} : { 'heap-objects': HeapObjects }),
      goroutines,
      ...(Stack === undefined ? {} : { stack: Stack }),
    },
    allocated: TotalAlloc,
    peak: Sys,
    committed: Sys === undefined ? undefined : Sys - HeapReleased,
    counter: NumGC,
  };
}
