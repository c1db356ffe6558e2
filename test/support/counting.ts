import type { IncomingHttpHeaders } from 'node:http';
import { bodyOf, serve } from './servers.js';

/**
 * An upload server that reports as JSON how many files it holds open: a count, so that few uploads decide.
 */
export interface CountingServer {
  url: string;
  /** For `--probe`. */
  probe: string;
  /** For all uploads so far. */
  requests: { path: string; headers: IncomingHttpHeaders; body: string }[];
}

/** The server keeps as many files of each upload open as `leak` says. It is closed when the test ends. */
export async function countingServer(leak: 0 | 1 = 0): Promise<CountingServer> {
  const requests: CountingServer['requests'] = [];
  let open = 7;
  const origin = await serve(async (request, response) => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ open }));
      return;
    }
    const body = (await bodyOf(request)).toString('latin1');
    requests.push({ path: request.url!, headers: request.headers, body });
    open += leak;
    response.end('ok\n');
  });
  return { url: `${origin}/upload`, probe: `json=${origin}/stats#/open;name=open-files`, requests };
}

/** A hunt as short as a count allows. */
export const short = { n: 10, concurrency: 2, size: '1kB', settle: 0.01, warmUp: 1, save: false };

/** The same as flags. */
export const shortFlags = [
  ...['-n', '10', '-c', '2', '--size', '1kB', '--settle', '0.01'],
  ...['--warm-up', '1', '--no-save'],
];
