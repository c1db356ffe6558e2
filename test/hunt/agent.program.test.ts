import { expect, test } from 'vitest';
import { hunt } from '../../src/index.js';
import { flood, serveAgent } from '../support/agent-lookalike.js';
import { bodyOf, serve } from '../support/servers.js';

/** An upload server that keeps one thing of each upload, told by a page of its own beside what an agent tells. */
async function leaky(): Promise<string> {
  let held = 7;
  return serve(async (request, response) => {
    if (request.url === '/held') return void response.end(JSON.stringify({ held }));
    await bodyOf(request);
    held += 1;
    response.end('ok\n');
  });
}

async function huntBeside(path: string) {
  const origin = await leaky();
  return hunt({
    url: `${origin}/upload`,
    probes: [`agent=${path}`, `json=${origin}/held#/held;name=threads`],
    uploadsPerRound: 5,
    rounds: 8,
    warmUpRounds: 0,
    minUploads: 0,
    settle: 0.01,
    drain: '0.01',
    fixture: { kind: 'text', size: 1000, seed: 1 },
  });
}

const frames = [['/app/server.py', 12, 'keep']];

/** What it tells to have made since its traces were cleared: five more after each round. */
function threads(asked: number) {
  const rows = asked === 1 ? [] : [{ count: 5 * (asked - 1), bytes: 0, frames }];
  return { memory: [], files: [], 'open-files': [], sockets: [], tasks: [], threads: rows };
}

test('the line that made what leaks is named, with what keeps it', async () => {
  const asked: string[] = [];
  const path = await serveAgent((what, count) => {
    asked.push(what);
    if (what === 'sites') return threads(count);
    return what === 'kept-by'
      ? { kept: [{ type: 'Watcher', path: ['watchers (list) in server.py', 'Watcher'] }] }
      : undefined;
  });
  const record = await huntBeside(path);
  expect([record.verdict, record.warnings.filter(each => each.includes('agent'))]).toEqual(['leak', []]);
  expect(record.culprits[0]).toMatchObject({
    resource: 'threads',
    kind: 'call-site',
    source: 'agent',
    site: { function: 'keep', file: '/app/server.py', line: 12 },
    perUpload: { estimate: 1 },
    share: 1,
    retainedBy: ['watchers (list) in server.py', 'Watcher'],
  });
  // It is told to trace once a leak was seen, after every reading.
  expect(asked.lastIndexOf('read')).toBeLessThan(asked.indexOf('trace'));
  expect(asked.at(-1)).toBe('trace');
});

const giant = flood(2 ** 30);

test.each<
  [
    string,
    (
      what: string,
      asked: number,
    ) => object | string | ((socket: import('node:net').Socket) => void) | undefined,
    RegExp,
  ]
>([
  [
    'dies',
    (what, asked) => (what === 'read' && asked > 5 ? socket => socket.destroy() : undefined),
    /agent probe stopped responding.*closed the connection/,
  ],
  [
    'sends a gigabyte',
    (what, asked) => (what === 'read' && asked > 5 ? giant : undefined),
    /agent probe stopped responding.*more than 1\.00 MiB/,
  ],
  [
    'lies',
    (what, asked) => (what === 'read' && asked > 5 ? { pid: 4711, blocks: 1e300, tasks: -4 } : undefined),
    /agent probe reported heap-objects as 1e\+300, tasks as -4, which is impossible for a process/,
  ],
  [
    'tells nonsense of its call sites',
    what => (what === 'sites' ? { memory: 7 } : undefined),
    /agent could not be read.*a table in it is none/,
  ],
  [
    'sends a gigabyte of call sites',
    what => (what === 'sites' ? giant : undefined),
    /agent could not be read.*more than 64\.0 MiB/,
  ],
  [
    'dies when it is to trace',
    what => (what === 'trace' ? socket => socket.destroy() : undefined),
    /agent could not be read.*closed the connection/,
  ],
])('where an agent %s the hunt goes on by its other sources, and says so', async (_, instead, warning) => {
  const record = await huntBeside(await serveAgent(instead));
  expect(record.warnings.join('\n')).toMatch(warning);
  const threads = record.resources.find(({ name }) => name === 'threads');
  expect([record.verdict, record.end, threads?.verdict]).toEqual(['leak', 'rounds-done', 'leak']);
});

test('where an agent hangs the hunt waits for it no longer than it has shown to take, and says so', async () => {
  const path = await serveAgent((what, asked) => (what === 'read' && asked > 5 ? () => {} : undefined));
  const record = await huntBeside(path);
  expect(record.warnings.join('\n')).toMatch(/agent probe stopped responding.*no answer within \d+ s/);
  expect(record.verdict).toBe('leak');
});
