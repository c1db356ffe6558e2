import type { Target } from '../../target/locate/locate.js';
import { readPage } from '../http.js';
import { metricIn } from './prometheus.js';

/**
 * A metric on `/metrics` of the uploads' own origin, or of another port of the process: a page without memory
 * metrics is no probe.
 */
export async function pageMetric(target: Target, name: string): Promise<number | undefined> {
  const others = target.ports.map(port => `http://127.0.0.1:${port}`);
  for (const origin of new Set([target.url.origin, ...others])) {
    const page = await readPage(`${origin}/metrics`, { timeout: 5_000, via: target.via }).catch(
      () => undefined,
    );
    const value = page?.status === 200 ? metricIn(page.text, name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}
