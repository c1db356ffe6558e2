import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Hunt, HuntOptions } from '../../src/index.js';
import { startTarget } from '../support/target.js';
import { expectLeak, huntTarget, resource } from './hunting.js';

const folder = fileURLToPath(new URL('../../fixtures/targets/node-drains', import.meta.url));

/** Hunts the server that holds what is uploaded; a cache is no matter here, so that few uploads are enough. */
function huntHolding(hold: string, seconds: number, options: Partial<HuntOptions> = {}): Promise<Hunt> {
  const env = { HOLD: hold, SECONDS: String(seconds) };
  const started = startTarget(process.execPath, ['--inspect=127.0.0.1:0', 'server.js'], { cwd: folder, env });
  return huntTarget(started, {
    uploadsPerRound: 50,
    minUploads: 0,
    maxRounds: 16,
    thorough: false,
    ...options,
  });
}

const rests = ({ rounds }: Hunt) => rounds.filter(({ kind }) => kind === 'rest');

/** A rest is read several times; between the readings nothing is uploaded. */
const restSeconds = (record: Hunt) =>
  rests(record).reduce((sum, { seconds, readingSeconds }) => sum + seconds + readingSeconds, 0);

function expectNoLeakFor(record: Hunt, reasons: string[]) {
  expect([record.verdict, record.exitCode]).toEqual(['inconclusive', 3]);
  const named = record.resources.filter(({ decisive, verdict }) => decisive && verdict === 'inconclusive');
  expect(named.map(({ reason }) => reason).filter(reason => reasons.includes(reason))).not.toEqual([]);
}

describe('a server that holds each body', () => {
  test('for 8 seconds does not leak', async () => {
    const record = await huntHolding('forSeconds', 8);
    expect(rests(record).length).toBeGreaterThan(0);
    expectNoLeakFor(record, ['drains', 'backlog']);
  });

  test('for 30 seconds does not leak where it is left alone for longer', async () => {
    const record = await huntHolding('forSeconds', 30, { drain: '35' });
    expect(restSeconds(record)).toBeGreaterThan(34);
    expectNoLeakFor(record, ['drains']);
  });

  test('for good leaks', async () => {
    const record = await huntHolding('forGood', 0);
    expectLeak(record, 'array-buffers');
    expect(record.end).toBe('decided');
    const { seconds, before, after } = resource(record, 'array-buffers').rest!;
    expect(seconds).toBeGreaterThan(4.5);
    expect(Math.abs(after - before)).toBeLessThan(0.01 * before);
  });
});

describe('a server that works off its uploads later', () => {
  const quick = { settle: 0.1 };

  test('on its CPU does not leak: it has a backlog', async () => {
    expectNoLeakFor(await huntHolding('queue', 0, quick), ['backlog', 'drains']);
  });

  test('elsewhere does not leak: it has a backlog', async () => {
    expectNoLeakFor(await huntHolding('slowQueue', 0, quick), ['backlog', 'drains']);
  });

  test('does not leak once its own metric says that it is done', async () => {
    const record = await huntHolding('slowQueue', 0, { ...quick, drain: 'queue_depth=0' });
    expectNoLeakFor(record, ['drains']);
  });
});
