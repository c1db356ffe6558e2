import type { UploadConnection } from '../../net/uploads.js';
import { redactUrl } from '../../redact.js';
import type { Target } from '../../target/locate/locate.js';
import { trimmedEnd } from '../../text.js';
import type { Claim } from '../belongs.js';
import { addressOf, jsonIn, readPage } from '../http.js';
import { openProbe, orNotThere, type Probe, type Sample, type Source } from '../probe.js';
import { claimAt, scrape } from './prometheus.js';

const folder = '/actuator';
const heap = 'jvm.memory.used?tag=area:heap';
const startTime = 'process.start.time';

export const actuatorSource: Source = {
  open: actuator,
  auto: true,
  ports: { any: true },
};

/**
 * Spring Boot's actuator: its metrics one by one or, if it exposes none, its Prometheus page. It forces no
 * collection: its heap includes garbage.
 */
export async function actuator(target: Target, argument?: string): Promise<Probe> {
  const { via } = target;
  const base = argument === undefined ? new URL(folder, target.url) : addressOf(argument, folder);
  base.pathname = `${trimmedEnd(base.pathname, '/')}/`;
  const metrics = new URL('metrics/', base);
  const first = await orNotThere(readPage(new URL(heap, metrics).href, { timeout: 5_000, via }));
  if (first.status === 200) {
    const probe = await openProbe('actuator', redactUrl(metrics), timeout => sampleOf(metrics, via, timeout));
    const claim = async (): Promise<Claim> => {
      const started = await measured(new URL(startTime, metrics), via, 2_000);
      return { runtime: 'java', ...(started === undefined ? {} : { started: [started] }) };
    };
    return { ...probe, claim };
  }
  const page = new URL('prometheus', base);
  const probe = await openProbe('actuator', redactUrl(page), timeout =>
    scrape(page, via, timeout).catch(error => {
      throw new Error(`${first.address} answered ${first.status} and ${error.message}`, { cause: error });
    }),
  );
  return { ...probe, claim: async () => ({ ...(await claimAt(page, via)), runtime: 'java' }) };
}

async function sampleOf(metrics: URL, via?: UploadConnection, timeout?: number): Promise<Sample> {
  const read = (name: string) => measured(new URL(name, metrics), via, timeout);
  // One after another: five connections at once would start threads in the process whose threads are counted.
  const values = {
    heap: await read(heap),
    'direct-buffers': await read('jvm.buffer.memory.used?tag=id:direct'),
    threads: await read('jvm.threads.live'),
    'open-files': await read('process.files.open'),
  };
  const started = await read(startTime);
  return { values, identity: started === undefined ? undefined : String(started) };
}

/** The value of one metric; undefined if this JVM or this operating system has no such metric. */
async function measured(url: URL, via?: UploadConnection, timeout?: number): Promise<number | undefined> {
  const page = await readPage(url.href, { timeout, accept: 'application/json', via });
  if (page.status === 404) return undefined;
  if (page.status !== 200) throw new Error(`${page.address} answered ${page.status}`);
  const metric = jsonIn(page) as { measurements?: { value?: unknown }[] } | null;
  const value = metric?.measurements?.[0]?.value;
  if (typeof value === 'number') return value;
  throw new Error(`${page.address} has no number in measurements[0].value`);
}
