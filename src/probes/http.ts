import { Agent, request } from 'undici';
import { codeOf, messageOf } from '../errors.js';
import { formatBytes } from '../units.js';

/** Probes connect for each request anew: a kept-alive connection would be counted among the target's sockets. */
const agent = new Agent({ pipelining: 0, connect: { timeout: 5_000 } });

const largestPage = 64 * 2 ** 20;
const longestWait = 30_000;

export interface Page {
  status: number;
  type: string;
  text: string;
}

/** Reads a page, at most 64 MiB of it and for at most 30 s. Rejects with a sentence without a full stop. */
export async function readPage(url: string, options: { timeout?: number } = {}): Promise<Page> {
  const timeout = options.timeout ?? longestWait;
  const signal = AbortSignal.timeout(timeout);
  try {
    const answer = await request(url, { dispatcher: agent, reset: true, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > largestPage) throw new Error(`the page is larger than ${formatBytes(largestPage)}`);
      chunks.push(chunk);
    }
    return {
      status: answer.statusCode,
      type: String(answer.headers['content-type'] ?? ''),
      text: Buffer.concat(chunks).toString('utf8'),
    };
  } catch (error) {
    const why = signal.aborted ? `no answer within ${timeout / 1000} s` : (codeOf(error) ?? messageOf(error));
    throw new Error(`${url}: ${why}`, { cause: error });
  }
}

/** An address that a user gave without a scheme (`localhost:6060`), as a URL; `path` where it has none. */
export function addressOf(argument: string, path: string): URL {
  const url = new URL(/^\w+:\/\//.test(argument) ? argument : `http://${argument}`);
  if (url.pathname === '/') url.pathname = path;
  return url;
}
