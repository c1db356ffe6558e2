import { Chalk } from 'chalk';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HuntOptions } from '../../src/hunt/options.js';
import type { Hunt, ResourceRecord } from '../../src/hunt/record.js';
import { hunt } from '../../src/index.js';
import { terminal } from '../../src/reports/terminal.js';
import { buildGoTarget, describeWithGo, startGoTarget } from '../support/go.js';

/** Hunts the gin service in fixtures/targets/go-gin as it leaks one thing per upload. */
async function huntService(leak: string, options: Partial<HuntOptions> = {}): Promise<Hunt> {
  const target = await startGoTarget(await buildGoTarget('go-gin'), ['-leak', leak]);
  try {
    return await hunt({ url: target.url, fixture: { kind: 'text', size: 100_000, seed: 1 }, ...options });
  } finally {
    await target.stop();
  }
}

function resource({ resources }: Hunt, name: string): ResourceRecord {
  return resources.find(each => each.name === name)!;
}

function leaks({ resources }: Hunt): string[] {
  return resources.filter(each => each.verdict === 'leak').map(each => each.name);
}

describeWithGo('a real Go service', () => {
  beforeAll(() => buildGoTarget('go-gin'));

  test('that keeps nothing is flat, in every resource that counts', async () => {
    const record = await huntService('none');
    expect(record).toMatchObject({ verdict: 'flat', exitCode: 0, end: 'decided', target: { runtime: 'go' } });
    expect(leaks(record)).toEqual([]);
    expect(record.load.sent).toBe(record.load.completed);
  });

  test('that keeps the body of each upload leaks the body, rounded up to pages by the allocator', async () => {
    const record = await huntService('body');
    expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
    const { perUpload, verdict } = resource(record, 'heap');
    expect(verdict).toBe('leak');
    expect(perUpload.estimate).toBeGreaterThan(100_000);
    expect(perUpload.estimate).toBeLessThan(109_000);
    expect(resource(record, 'heap-objects').perUpload.estimate).toBeCloseTo(1, 1);
  });

  test('that keeps one 64-byte object of each upload leaks one heap object', async () => {
    const record = await huntService('object');
    expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
    const { perUpload, verdict } = resource(record, 'heap-objects');
    expect(verdict).toBe('leak');
    expect(perUpload.estimate).toBeGreaterThan(0.95);
    expect(perUpload.estimate).toBeLessThan(1.15);
  });

  test.each([
    ['goroutine', 'goroutines'],
    ['file', 'open-files'],
    ['tempfile', 'temp-files'],
  ])('that leaves a %s behind leaks exactly 1.00 %s per upload', async (leak, name) => {
    const record = await huntService(leak);
    expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
    const { perUpload, verdict } = resource(record, name);
    expect(verdict).toBe('leak');
    expect(perUpload.low).toBeGreaterThan(0.95);
    expect(perUpload.high).toBeLessThan(1.05);
  });

  describe('the trap: cumulative allocation taken for a leak', () => {
    let record: Hunt;
    beforeAll(async () => {
      record = await huntService('none', { fixture: { kind: 'text', size: 1_300_000, seed: 1 } });
    });

    test('100 uploads of 1.3 MB allocate some 400 MB and keep none of it', () => {
      expect(record.churn!.perUpload * 100).toBeGreaterThan(300e6);
      expect(record.churn!.perUpload * 100).toBeLessThan(600e6);
      expect(record.verdict).toBe('flat');
      expect(resource(record, 'heap').perUpload.high).toBeLessThan(256);
    });

    test('the report says so in words', () => {
      const report = terminal(record, { width: 200, unicode: true, colour: new Chalk({ level: 0 }) });
      expect(report).toMatch(/4\.\d+ MiB allocated per upload, .* freed again: churn, not a leak/);
    });
  });

  test('that is killed in the middle ends the hunt with exit 4 and everything measured so far', async () => {
    const target = await startGoTarget(await buildGoTarget('go-gin'));
    let readings = 0;
    const record = await hunt({
      url: target.url,
      fixture: { kind: 'text', size: 100_000, seed: 1 },
      onEvent: event => {
        if (event.type === 'upload' && event.done === 50 && readings === 6)
          process.kill(target.pid, 'SIGKILL');
        if (event.type === 'reading') readings += 1;
      },
    });
    await target.stop();
    expect(record).toMatchObject({ exitCode: 4, end: 'target-lost', error: { code: 'TARGET_LOST' } });
    expect(record.rounds.length).toBe(readings + 1);
    expect(resource(record, 'heap').points.length).toBe(readings);
  });
});
