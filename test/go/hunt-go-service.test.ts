import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Chalk } from 'chalk';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HuntOptions } from '../../src/hunt/options.js';
import { hunt } from '../../src/index.js';
import type { Hunt, ResourceRecord } from '../../src/record/record.js';
import { terminal } from '../../src/reports/terminal/terminal.js';
import { buildGoTarget, describeWithGo, startGoTarget } from '../support/go.js';

/** Of small objects the usual rate of one sample in 512 KiB shows too few. */
const env = { GODEBUG: 'memprofilerate=4096' };

/** Hunts the gin service in fixtures/targets/go-gin as it leaks one thing per upload. */
async function huntService(leak: string, options: Partial<HuntOptions> = {}): Promise<Hunt> {
  const target = await startGoTarget(await buildGoTarget('go-gin'), ['-leak', leak], env);
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

const source = readFileSync(new URL('../../fixtures/targets/go-gin/leaks.go', import.meta.url), 'utf8');
const lineOf = (code: string) => source.split('\n').findIndex(line => line.includes(code)) + 1;

/** The first culprit of a resource, as `main.keepBody leaks.go:56`, and what it grows by. */
function culprit({ culprits }: Hunt, name: string) {
  const { site, perUpload, share, ...rest } = culprits.find(({ resource }) => resource === name)!;
  const place = site.file ? ` ${basename(site.file)}:${site.line}` : '';
  return { name: `${site.function}${place}`, perUpload, share, ...rest };
}

describeWithGo('a real Go service', () => {
  beforeAll(() => buildGoTarget('go-gin'));

  test('that keeps nothing is flat, in every resource that counts', async () => {
    const record = await huntService('none');
    expect(record).toMatchObject({ verdict: 'flat', exitCode: 0, end: 'decided', target: { runtime: 'go' } });
    expect(leaks(record)).toEqual([]);
    expect(record.culprits).toEqual([]);
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
    const keeper = culprit(record, 'heap');
    expect(keeper.name).toBe(`main.keepBody leaks.go:${lineOf('make([]byte, size)')}`);
    expect(keeper.perUpload.low).toBeGreaterThan(95_000);
    expect(keeper.perUpload.high).toBeLessThan(115_000);
    expect(keeper.share).toBeGreaterThan(0.9);
  });

  test('that keeps one 64-byte object of each upload leaks one heap object', async () => {
    const record = await huntService('object');
    expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
    const { perUpload, verdict } = resource(record, 'heap-objects');
    expect(verdict).toBe('leak');
    expect(perUpload.estimate).toBeGreaterThan(0.95);
    expect(perUpload.estimate).toBeLessThan(1.15);
    const keeper = culprit(record, 'heap-objects');
    expect(keeper.name).toBe(`main.keepObject leaks.go:${lineOf('&object{previous')}`);
    expect(keeper.perUpload.low).toBeLessThan(1.2);
    expect(keeper.perUpload.high).toBeGreaterThan(0.8);
  });

  test.each([
    ['goroutine', 'goroutines', `main.startWaiter.func1 leaks.go:${lineOf('<-done')}`],
    ['file', 'open-files', expect.stringMatching(/\/go-gin$/)],
    ['tempfile', 'temp-files', expect.stringMatching(/\/upload-\*$/)],
  ])('that leaves a %s behind leaks exactly 1.00 %s per upload, and says which', async (leak, name, site) => {
    const record = await huntService(leak);
    expect(culprit(record, name)).toMatchObject({
      name: site,
      perUpload: { estimate: expect.closeTo(1, 6), low: expect.closeTo(1, 6), high: expect.closeTo(1, 6) },
      share: expect.closeTo(1, 2),
    });
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

    test('the parser of the form is named as churn, not as a leak', () => {
      const [most] = record.churn!.sites!;
      expect(most!.stack.map(frame => frame.function)).toContain('net/http.(*Request).ParseMultipartForm');
      expect(most!.share).toBeGreaterThan(0.9);
      expect(most!.perUpload / record.churn!.perUpload).toBeGreaterThan(0.8);
      expect(record.culprits).toEqual([]);
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
