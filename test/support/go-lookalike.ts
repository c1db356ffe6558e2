import type { ServerResponse } from 'node:http';
import { encodePprof } from '../../src/profiles/pprof/encode.js';
import { serve } from './servers.js';

/** The answer to a page of the server instead of its own; undefined for its own. */
export type Instead = (page: 'profile' | 'dump', response: ServerResponse, asked: number) => unknown;

/**
 * A server that takes uploads and pretends to be a Go program that leaks 4 KiB and a goroutine with each of
 * them.
 */
export async function serveLookalike(name: string, instead: Instead = () => undefined): Promise<string> {
  let uploads = 0;
  let collections = 0;
  const asked = { profile: 0, dump: 0 };
  const answer = (page: keyof typeof asked, response: ServerResponse, text: string | Uint8Array) => {
    asked[page] += 1;
    if (instead(page, response, asked[page]) === undefined) response.end(text);
  };
  return serve((request, response) => {
    if (request.method === 'POST') {
      request.resume().on('end', () => {
        uploads += 1;
        response.end();
      });
    } else if (/heap.*debug=1/.test(request.url!)) {
      collections += 1;
      response.end(memStats(uploads, collections));
    } else if (request.url!.includes('/heap')) answer('profile', response, heapProfile(name, uploads));
    else if (/goroutine\?debug=1/.test(request.url!)) response.end(goroutines(name, uploads));
    else if (/goroutine\?debug=2/.test(request.url!)) answer('dump', response, '');
    else response.writeHead(404).end();
  });
}

function memStats(uploads: number, collections: number): string {
  const heap = 1_000_000 + 4096 * uploads;
  return `# runtime.MemStats\n# HeapAlloc = ${heap}\n# HeapObjects = ${1000 + uploads}\n# NumGC = ${collections}\n`;
}

function heapProfile(name: string, uploads: number): Uint8Array {
  const types = ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space'];
  return encodePprof({
    sampleTypes: types.map(type => ({ type, unit: type.endsWith('space') ? 'bytes' : 'count' })),
    rows: [
      {
        stack: [{ function: name, file: '/src/main.go', line: 7 }],
        values: [uploads, 4096 * uploads, uploads, 4096 * uploads],
      },
    ],
    period: 1,
  });
}

function goroutines(name: string, uploads: number): string {
  const frame = `#\t0x1000\t${name}+0x1\t\t/src/main.go:9`;
  return `goroutine profile: total ${10 + uploads}\n${uploads} @ 0x1000\n${frame}\n\n`;
}
