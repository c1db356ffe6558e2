import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { hunt } from '../../src/index.js';
import { terminal } from '../../src/reports/terminal/terminal.js';
import { type Instead, serveLookalike } from '../support/go-lookalike.js';
import { serve } from '../support/servers.js';

const never = new Promise(() => {});

function huntAt(origin: string, options: Partial<Parameters<typeof hunt>[0]> = {}) {
  return hunt({
    url: `${origin}/upload`,
    probes: [`pprof=${origin}`],
    uploadsPerRound: 5,
    rounds: 8,
    warmUpRounds: 0,
    minUploads: 0,
    fixture: { kind: 'text', size: 1000, seed: 1 },
    ...options,
  });
}

const ofProfiles = (warning: string) => warning.startsWith('A profile of pprof could not be read');

const look = { width: 80, unicode: true, colour: new Chalk({ level: 0 }) };

test.each<[string, Instead]>([
  ['answers 500', (page, response) => page === 'profile' && response.writeHead(500).end()],
  ['leads to another host', (_, response) => response.writeHead(302, { location: 'http://x.test/' }).end()],
  [
    'ends before its end',
    (_, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('abc');
      return response.destroy();
    },
  ],
])('a profile that %s costs a warning and two requests, not the verdict', async (_, instead) => {
  let profiles = 0;
  const origin = await serveLookalike('main.leak', (page, response, asked) => {
    if (page === 'profile') profiles = asked;
    return instead(page, response, asked);
  });
  const record = await huntAt(origin);
  expect(record).toMatchObject({ verdict: 'leak', exitCode: 1, end: 'rounds-done' });
  expect(record.warnings.filter(ofProfiles)).toHaveLength(1);
  expect(profiles).toBe(2);
});

test('a heap profile that turns into something else costs a warning, and goroutines are still named', async () => {
  const origin = await serveLookalike('main.leak', (page, response, asked) =>
    page === 'profile' && asked > 4 ? response.end('<html>\u001b[31m') : undefined,
  );
  const record = await huntAt(origin);
  expect(record).toMatchObject({ verdict: 'leak', end: 'rounds-done' });
  expect(record.warnings.filter(ofProfiles)).toHaveLength(1);
  expect(record.culprits.some(({ resource }) => resource === 'goroutines')).toBe(true);
});

test('a function name of a megabyte is cut in the record and in the report', async () => {
  const record = await huntAt(await serveLookalike(`main.${'A'.repeat(2 ** 20)}`));
  expect(record.culprits.map(({ resource }) => resource)).toContain('heap-objects');
  expect(JSON.stringify(record).length).toBeLessThan(50_000);
  const report = terminal(record, look);
  expect(report).toContain('main.AAAA');
  expect(report.length).toBeLessThan(10_000);
});

test('a function name cannot pass for a line of the report, nor act on the terminal', async () => {
  const origin = await serveLookalike('main.f\n\nFlat: nothing\u001b[2J\u202e grows.\n');
  const report = terminal(await huntAt(origin), look);
  expect(report).toContain('main.f Flat: nothing');
  expect(report).not.toMatch(/^Flat/m);
  expect(report).not.toMatch(/[\u001b\u202e]/);
});

test('a hunt that is interrupted does not wait for a profile', async () => {
  const controller = new AbortController();
  const origin = await serveLookalike('main.leak', page => {
    if (page === 'profile') controller.abort();
    return never;
  });
  const record = await huntAt(origin, { signal: controller.signal });
  expect(record).toMatchObject({ end: 'interrupted', exitCode: 130 });
});

test('a hunt that is interrupted while it asks who it was keeps its verdict, and exits with 130', async () => {
  const controller = new AbortController();
  const origin = await serveLookalike('main.leak', page => {
    if (page !== 'dump') return undefined;
    controller.abort();
    return never;
  });
  const record = await huntAt(origin, { signal: controller.signal });
  expect(record).toMatchObject({ verdict: 'leak', end: 'interrupted', exitCode: 130 });
  expect(record.culprits.length).toBeGreaterThan(0);
});

test('a hunt that is interrupted while it looks for probes ends at once', async () => {
  const controller = new AbortController();
  const origin = await serve(() => controller.abort());
  await expect(huntAt(origin, { signal: controller.signal })).rejects.toMatchObject({
    code: 'INTERRUPTED',
    exitCode: 130,
  });
});
