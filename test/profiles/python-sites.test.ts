import { expect, test } from 'vitest';
import { isUserCode, siteOf } from '../../src/profiles/ownership.js';
import { pythonSites } from '../../src/profiles/python/sites.js';

const encode = (answer: unknown) => new TextEncoder().encode(JSON.stringify(answer));
const empty = { memory: [], files: [], 'open-files': [], sockets: [], threads: [], tasks: [] };
const frames = [
  ['/usr/lib/python3.11/threading.py', 880, 'Thread.__init__'],
  ['/app/server.py', 12, 'keep'],
];

test('bytes and objects of one stack are told of every kind of memory, and counts of things', () => {
  const profiles = pythonSites(
    encode({
      ...empty,
      memory: [{ count: 3, bytes: 900, frames }],
      threads: [{ count: 2, bytes: 0, frames }],
    }),
  );
  const told = profiles.flatMap(({ resource, rows }) => rows.map(({ value }) => [resource, value]));
  expect(told).toEqual([
    ['heap', 900],
    ['heap-objects', 3],
    ['anon', 900],
    ['rss', 900],
    ['threads', 2],
  ]);
  expect(siteOf(profiles[0]!.rows[0]!.stack, 'call-site')).toEqual({
    function: 'keep',
    file: '/app/server.py',
    line: 12,
  });
});

test.each([
  ['/app/server.py', true],
  ['/home/me/lib/python/server.py', true],
  ['/usr/lib/python3.11/json/decoder.py', false],
  ['/usr/lib/python3/dist-packages/flask/app.py', false],
  ['/app/.venv/lib64/python3.13t/site-packages/gunicorn/arbiter.py', false],
  ['<frozen importlib._bootstrap>', false],
])('%s is own code: %s', (file, own) => {
  expect(isUserCode({ function: 'f', file, line: 1 })).toBe(own);
});

const library = '/app/venv/lib/python3.11/site-packages/aiohttp/web.py';
const loop = ['/usr/lib/python3.11/asyncio/base_events.py', 1922, 'BaseEventLoop._run_once'];

test.each<[string, unknown[], string, string]>([
  [
    'a loop',
    [[library, 377, 'received'], loop, [library, 519, 'run_app'], ['/app/server.py', 15, '<module>']],
    library,
    'received',
  ],
  [
    'a loop in a function',
    [[library, 377, 'received'], loop, ['/app/server.py', 30, 'main']],
    library,
    'received',
  ],
  [
    'a program of a library',
    [
      [library, 9, 'handle'],
      ['/app/venv/bin/gunicorn', 8, '<module>'],
    ],
    library,
    'handle',
  ],
  [
    'a handler',
    [[library, 9, 'put'], ['/app/server.py', 12, 'upload'], loop, ['/app/server.py', 15, '<module>']],
    '/app/server.py',
    'upload',
  ],
  [
    'a script of one file',
    [
      ['/usr/lib/python3.11/json/decoder.py', 1, 'decode'],
      ['/app/job.py', 3, '<module>'],
    ],
    '/app/job.py',
    '<module>',
  ],
])('the line that started the server is not named for what is made below it: %s', (_, stack, file, name) => {
  const memory = [{ count: 1, bytes: 1, frames: stack }];
  const [profile] = pythonSites(encode({ ...empty, memory }));
  expect(siteOf(profile!.rows[0]!.stack, 'call-site')).toMatchObject({ file, function: name });
});

const site = { count: 1, bytes: 1, frames };

test.each<[string, unknown]>([
  ['no object', 5],
  ['no table', {}],
  ['a table that is none', { ...empty, tasks: 'x' }],
  ['a negative count', { ...empty, memory: [{ ...site, count: -1 }] }],
  ['an amount without an end', { ...empty, memory: [{ ...site, bytes: 1e300 }] }],
  ['a stack without frames', { ...empty, memory: [{ ...site, frames: [] }] }],
  ['frames of numbers', { ...empty, memory: [{ ...site, frames: [[1, 2, 3]] }] }],
  ['a stack without an end', { ...empty, memory: [{ ...site, frames: Array(1000).fill(frames[0]) }] }],
  ['rows without an end', { ...empty, memory: Array(10_000).fill(site) }],
])('%s is no profile', (_, answer) => {
  expect(() => pythonSites(encode(answer))).toThrow('What the agent tells of its call sites cannot be read');
});

test('what is no JSON is no profile', () => {
  expect(() => pythonSites(new TextEncoder().encode('{'))).toThrow('it is not JSON');
});
