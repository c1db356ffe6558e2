import { redactUrl } from '../../redact.js';
import type { Target } from '../../target/locate/locate.js';
import type { Claim } from '../belongs.js';
import { addressOf, readJson } from '../http.js';
import { openProbe, type Probe, type Sample, type Source } from '../probe.js';

const path = '/debug/vars';

export const expvarSource: Source = {
  open: expvar,
  auto: true,
  ports: { any: true },
};

/**
 * Go's expvar: the `runtime.MemStats` of pprof, but without a forced collection: its heap includes garbage.
 */
export async function expvar(target: Target, argument?: string): Promise<Probe> {
  const { via } = target;
  const url = argument === undefined ? new URL(path, target.url) : addressOf(argument, path);
  const address = redactUrl(url);
  const probe = await openProbe('expvar', address, async timeout =>
    sampleOf((await readJson(url.href, { timeout, via })) as ExpvarPage | null, address),
  );
  const metric = async (name: string) => {
    const value = ((await readJson(url.href, { via })) as Record<string, unknown> | null)?.[name];
    return typeof value === 'number' ? value : undefined;
  };
  const claim = async (): Promise<Claim> => {
    const { cmdline } = ((await readJson(url.href, { timeout: 2_000, via })) ?? {}) as { cmdline?: unknown };
    return {
      runtime: 'go',
      ...(Array.isArray(cmdline) && cmdline.length > 0 ? { command: cmdline.join('\0') } : {}),
    };
  };
  return { ...probe, claim, metric };
}

type ExpvarPage = { memstats?: Record<string, unknown> };

function sampleOf(page: ExpvarPage | null, address: string): Sample {
  const number = (name: string) => {
    const value = page?.memstats?.[name];
    return typeof value === 'number' ? value : undefined;
  };
  const heap = number('HeapAlloc');
  if (heap === undefined) throw new Error(`${address} has no memstats from a Go program`);
  return {
    values: { heap, 'heap-objects': number('HeapObjects'), stack: number('StackInuse') },
    allocated: number('TotalAlloc'),
    peak: number('Sys'),
    collections: number('NumGC'),
    counter: number('NumGC'),
  };
}
