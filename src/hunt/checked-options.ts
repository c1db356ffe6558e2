import { usageError } from '../errors.js';
import { type FixtureSpec, makeFixture } from '../fixtures/fixture.js';
import { type Expectation, parseStatuses } from '../load/expectation.js';
import { parseScenarios } from '../load/scenarios/parse.js';
import { type DialOptions, dialOptionsIn } from '../net/dial-options.js';
import { proxyOf } from '../net/proxy.js';
import type { StartOptions } from '../target/start/started-target.js';
import { positive } from './number-options.js';
import { defaultFixture, type HuntOptions, type ReadOptions } from './options.js';

/** How to connect; options that were not given stay absent. */
export function connectionOf(options: HuntOptions): DialOptions {
  return {
    ...dialOptionsIn(options),
    connectTimeout: positive('--connect-timeout', options.connectTimeout ?? 10),
    insecure: options.insecure ?? false,
    http2: options.http2 ?? false,
  };
}

/** Behind a proxy, the URL's port need not be held by anything on this machine. */
export function startOf(
  start: NonNullable<HuntOptions['start']>,
  url: URL,
  options: DialOptions,
): StartOptions {
  const direct = proxyOf(url, options) === undefined;
  const via = { url, options };
  return { ready: url, readyTimeout: 30, stopTimeout: 5, ...start, via, url: direct ? url : undefined };
}

/**
 * How complete uploads should be answered; those of `reject` should be refused, whatever the others expect.
 */
export function expectedOf({ expect, expectStatus, scenarios }: HuntOptions): Expectation | undefined {
  if (expect === undefined && !expectStatus?.length) return undefined;
  if (parseScenarios(scenarios ?? 'complete').every(({ kind }) => kind === 'reject')) {
    throw usageError(
      'BAD_EXPECT',
      '--expect and --expect-status only apply to complete uploads, and --scenario reject expects a 4xx: remove them.',
    );
  }
  return { text: expect, statuses: expectStatus?.length ? expectStatus.flatMap(parseStatuses) : undefined };
}

/** At least two sizes, or there is nothing to compare; the sizes of the user's own files are given. */
export function sizesOf({ sizes, form, body, fixture }: ReadOptions): number[] | undefined {
  if (!sizes) return undefined;
  if (form?.length || body)
    throw usageError(
      'BAD_SIZES',
      '--sizes generates files, but -F or -d sends your own: use only one of them.',
    );
  if (new Set(sizes).size < 2 || new Set(sizes).size < sizes.length)
    throw usageError(
      'BAD_SIZES',
      `--sizes ${sizes.join(',')} needs at least two different sizes, e.g. 1kB,100kB,1MB.`,
    );
  for (const size of sizes) checked({ ...(fixture ?? defaultFixture), size });
  return sizes;
}

/** A method is a token (RFC 9110, section 5.6.2); the response to HEAD could not be read to its end. */
export function tokenOf(method: string): string {
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(method) && !/^(HEAD|CONNECT)$/i.test(method)) return method;
  throw usageError('BAD_METHOD', `-X "${method}" is not a method that uploads: use POST, PUT or PATCH.`);
}

export function checked(spec: FixtureSpec): FixtureSpec {
  makeFixture(spec);
  return spec;
}
