import type { DialOptions } from '../net/dial-options.js';
import { proxyNamed, proxyOf } from '../net/proxy.js';

/** Uploads that went another way than the command line says. */
export function proxyWarning({ url, ...options }: DialOptions & { url: URL }): string[] {
  if (options.proxy !== undefined || !proxyOf(url, options)) return [];
  const { flag } = proxyNamed(url, options);
  return [`The uploads went through the proxy in ${flag}: bypass it with -x '' or --noproxy, as in curl.`];
}

/** Uploads of others that are counted as these. */
export function rivalWarning(rivals: readonly number[]): string[] {
  if (rivals.length === 0) return [];
  const who = rivals.length === 1 ? `process ${rivals[0]}` : `processes ${rivals.join(', ')}`;
  return [
    `Another leakhunt (${who}) hunted this target at the same time, so growth per upload includes what its uploads left behind: hunt again when it has finished.`,
  ];
}
