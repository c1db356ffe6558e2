import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

import type { Dispatcher } from 'undici';

import { urlIn } from '../address.js';

import { codeOf, messageOf, usageError } from '../errors.js';
import { basicIn } from '../net/authorization.js';
import { get } from '../net/get.js';
import { dialOptionsTo, type UploadConnection } from '../net/uploads.js';
import { redactAddress, redactUrl } from '../redact.js';
import { before } from '../text.js';
import { formatBytes } from '../units.js';

const largestPage = 64 * 2 ** 20;
const longestWait = 30_000;
const mostRedirects = 5;

export interface Page {
  /** The address that was read, without secrets. */
  address: string;
  status: number;
  type: string;
  /** With any content encoding decoded. */
  bytes: Uint8Array;
  /** The same as UTF-8. */
  text: string;
}

interface PageOptions {
  /** For the whole page, including redirects; in milliseconds. */
  timeout?: number;
  /** The media types to ask for. */
  accept?: string;
  /** How the uploads connect, if known: pages are reached in the same way. */
  via?: UploadConnection | undefined;
}

/**
 * Reads a page, at most 64 MiB of it (compressed and decoded) and for at most 30 s; follows redirects on the
 * same host; sends credentials in the URL as basic authorization. Rejects with a sentence without a full
 * stop.
 */
export async function readPage(url: string, options: PageOptions = {}): Promise<Page> {
  const timeout = options.timeout ?? longestWait;
  const signal = AbortSignal.timeout(timeout);
  const address = before(redactUrl(new URL(url)), '?');
  let missing = 'no answer';
  try {
    const answer = await follow(new URL(url), options, signal);
    missing = 'no complete page';
    const bytes = await decode(await bytesOf(answer.body), String(answer.headers['content-encoding'] ?? ''));
    return {
      address,
      status: answer.statusCode,
      type: String(answer.headers['content-type'] ?? ''),
      bytes,
      get text() {
        return new TextDecoder().decode(bytes);
      },
    };
  } catch (error) {
    const why = signal.aborted ? `${missing} within ${timeout / 1000} s` : reasonOf(error);
    throw new Error(`${address}: ${why}`);
  }
}

/** Reads a page of JSON. Rejects as `readPage` does, and if the page is not JSON. */
export async function readJson(url: string, options: PageOptions = {}): Promise<unknown> {
  const page = await readPage(url, { accept: 'application/json', ...options });
  if (page.status !== 200) throw new Error(`${page.address} answered ${page.status}`);
  return jsonIn(page);
}

export function jsonIn({ address, type, text }: Page): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const named = type === '' ? 'it has no content type' : `its content type is ${type.slice(0, 80)}`;
    throw new Error(`${address} is not JSON (${named})`);
  }
}

/** A user's address without a scheme (`localhost:6060`), as a URL; `path` is used if it has none. */
export function addressOf(argument: string, path: string): URL {
  const url = urlIn(argument);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw usageError(
      'BAD_PROBE',
      `"${redactAddress(argument)}" is not an address that a probe can read: write HOST:PORT or http://HOST:PORT/PATH.`,
    );
  }
  if (url.pathname === '/') url.pathname = path;
  return url;
}

async function follow(
  url: URL,
  { accept = '*/*', via }: PageOptions,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const authorization = basicIn(url);
    const answer = await get(url, dialOptionsTo(url, via), {
      signal,
      headers: {
        accept,
        // Compressing the page would make work, and garbage, in the process that is measured.
        'accept-encoding': 'identity',
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.statusCode) || location === undefined) return answer;
    answer.body.on('error', () => {}).destroy();
    url = redirected(url, String(location));
  }
  throw new Error(`it redirects more than ${mostRedirects} times`);
}

/** The destination of a redirect; another host could be anybody's. */
function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw new Error('it redirects to an address that is no URL');
  const to = new URL(location, from);
  if (to.hostname !== from.hostname || !/^https?:$/.test(to.protocol)) {
    throw new Error(
      `it redirects to another host (${to.host || to.protocol}): give that address if you mean it`,
    );
  }
  if (to.origin === from.origin && !to.username) {
    to.username = from.username;
    to.password = from.password;
  }
  return to;
}

async function bytesOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestPage) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  // By "deflate", RFC 9110 means the zlib format; some servers send it without its header (8 in the low half
  // byte).
  deflate: (bytes: Buffer, options: { maxOutputLength: number }) =>
    promisify(((bytes[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw)(bytes, options),
};

/** Decodes bytes that a server encoded although it was asked not to. */
async function decode(bytes: Buffer, encoding: string): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity' || bytes.length === 0) return bytes;
  if (!Object.hasOwn(decoders, name)) throw new Error(`its content encoding "${encoding}" is not supported`);
  try {
    return await decoders[name as keyof typeof decoders](bytes, { maxOutputLength: largestPage });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new Error(`its ${name} encoding is broken (${messageOf(error)})`);
  }
}

function tooLarge(): Error {
  return new Error(`the page is larger than ${formatBytes(largestPage)}`);
}

/** The system's code if that says it all (`ECONNREFUSED`), else the words. */
function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? '';
  return /^E[A-Z]+$/.test(code) ? code : messageOf(error);
}
