import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildBody } from '../../src/load/body/body.js';
import type { UploadRequest } from '../../src/load/request.js';
import { runRound } from '../../src/load/round.js';
import { isExpected, type ScenarioOutcome } from '../../src/load/scenarios/outcome.js';
import { misbehave, misbehaving } from '../support/misbehave.js';
import { leftBy, startUnhappyTarget, stateOf } from '../support/unhappy.js';
import { uploadTo } from '../support/upload.js';

const uploads = 20;
/** For a server to notice that its clients have left. */
const patience = { timeout: 10_000 };

async function fileTo(origin: string, size: number, path = '/upload'): Promise<UploadRequest> {
  const bytes = Buffer.alloc(size, 'a');
  const body = await buildBody([{ name: 'file', filename: 'a.bin', content: { bytes } }]);
  return uploadTo(origin, { body, url: new URL(path, origin) });
}

/** How many uploads of the eight kinds of malformed forms are refused behind a good file. */
const refused = (count: number) =>
  Array.from({ length: count }, (_, i) => i % 8).filter(i => i !== 0 && i !== 5).length;

// What a leak holds is counted where Linux shows it.
describe.skipIf(!existsSync('/proc/self/fd'))('a server that forgets what did not end well', () => {
  test.each([
    ['abort', 'abort', 20_000],
    ['abort', 'abort@50%:reset', 20_000],
    ['abort', 'abort', 1_300_000],
    ['abort', 'abort@50%:reset', 1_300_000],
    ['abort', 'truncate:short', 20_000],
    ['stall', 'stall@50%:1.5s', 20_000],
    ['truncate', 'truncate', 20_000],
    ['truncate', 'truncate:no-boundary', 20_000],
  ])('(%s) keeps one open temp file of each upload that does %s with %i bytes', async (leak, text, size) => {
    const target = await startUnhappyTarget(leak);
    const outcomes = await misbehave(text, await fileTo(target.origin, size), {
      uploads,
      concurrency: uploads,
    });
    expectAllExpected(text, outcomes);
    await expect.poll(async () => (await stateOf(target)).ends, patience).toMatchObject({ [leak]: uploads });
    expect(await leftBy(target)).toEqual({ files: uploads, open: uploads });
  });

  test.each(['abort@100%', 'abort@100%:reset'])(
    '(gone) keeps the file of each upload that does %s',
    async text => {
      const target = await startUnhappyTarget('gone');
      await misbehave(text, await fileTo(target.origin, 20_000), { uploads, concurrency: uploads });
      await expect.poll(async () => (await stateOf(target)).ends, patience).toMatchObject({ gone: uploads });
      expect((await leftBy(target)).files).toBe(uploads);
    },
  );

  test('(malformed) keeps the good file before each part that it refuses', async () => {
    const target = await startUnhappyTarget('malformed');
    const outcomes = await misbehave('malformed', await fileTo(target.origin, 20_000), { uploads: 24 });
    expectAllExpected('malformed', outcomes);
    expect((await stateOf(target)).ends).toMatchObject({ malformed: refused(24), truncate: 6 });
    expect((await leftBy(target)).files).toBe(refused(24));
  });

  test('(malformed) keeps nothing of the same flaws without the good file', async () => {
    const target = await startUnhappyTarget('malformed');
    await misbehave('malformed:nameless-part:alone', await fileTo(target.origin, 20_000), { uploads });
    expect((await stateOf(target)).ends.malformed).toBe(uploads);
    expect(await leftBy(target)).toEqual({ files: 0, open: 0 });
  });

  test('(reject) keeps the bodies that it refuses', async () => {
    const target = await startUnhappyTarget('reject');
    const request = await fileTo(target.origin, 1_000_000, '/private');
    const { statuses } = await runRound(request, uploads, 5);
    expect(statuses).toEqual({ 401: uploads });
    expect((await stateOf(target)).arrayBuffers).toBeGreaterThan(uploads * 1_000_000);
  });

  test.each(['abort', 'abort@100%', 'truncate', 'truncate:short', 'malformed', 'stall@50%:1.5s'])(
    '(none) keeps nothing of uploads that do %s',
    async text => {
      const target = await startUnhappyTarget('none');
      await misbehave(text, await fileTo(target.origin, 20_000), { uploads, concurrency: uploads });
      await expect
        .poll(async () => {
          const { ends } = await stateOf(target);
          return Object.values(ends).reduce((sum, each) => sum + each);
        }, patience)
        .toBe(uploads);
      expect(await leftBy(target)).toEqual({ files: 0, open: 0 });
    },
  );
});

function expectAllExpected(text: string, outcomes: ScenarioOutcome[]): void {
  expect(outcomes.filter(each => !isExpected(misbehaving(text), each))).toEqual([]);
}
