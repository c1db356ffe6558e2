import { describe, expect, test } from 'vitest';
import { type Hunt, type HuntEvent, type HuntOptions, hunt } from '../../src/index.js';
import { closingSentence } from '../../src/reports/text/verdict.js';
import { startUnhappyTarget } from '../support/unhappy.js';

async function huntUnhappy(
  leak: string,
  scenarios: string,
  options: Partial<HuntOptions> = {},
): Promise<Hunt> {
  const { url } = await startUnhappyTarget(leak);
  return hunt({
    url,
    scenarios,
    fixture: { kind: 'text', size: 20_000, seed: 1 },
    uploadsPerRound: 32,
    rounds: 6,
    warmUpRounds: 1,
    ...options,
  });
}

/** What each scenario says of one resource. */
function verdicts({ scenarios }: Hunt, name: string): Record<string, string> {
  const found = scenarios!.map(({ scenario, resources }) => [
    scenario,
    resources.find(each => each.name === name)!.verdict,
  ]);
  return Object.fromEntries(found);
}

describe.runIf(process.platform === 'linux')('scenarios', () => {
  test('are hunted one after another on one target, each with rows of its own', async () => {
    const record = await huntUnhappy('abort', 'complete,abort');
    expect(verdicts(record, 'open-files')).toEqual({ complete: 'flat', 'abort@50%': 'leak' });
    expect(record).toMatchObject({ scenario: 'abort@50%', verdict: 'leak', exitCode: 1 });
    const { load, culprits } = record.scenarios![1]!;
    // One warm-up round shows that the upload works; every other one is aborted as it should.
    expect([load.statuses, load.endings, load.failed]).toEqual([{ 200: 32 }, { aborted: 192 }, 0]);
    expect(culprits.find(({ resource }) => resource === 'open-files')!.perUpload.estimate).toBeCloseTo(1, 6);
    expect(closingSentence(record)).toMatch(/^Leak: each aborted upload \(abort@50%\) leaves 1 open file/);
  });

  test('that are refused as they should be do not fail the hunt', async () => {
    const { origin } = await startUnhappyTarget('none');
    const record = await hunt({
      url: `${origin}/private`,
      scenarios: 'reject',
      fixture: { kind: 'text', size: 20_000, seed: 1 },
      uploadsPerRound: 20,
      rounds: 3,
    });
    expect(record.load).toMatchObject({ failed: 0, statuses: { 401: 100 } });
    expect({ end: record.end, error: record.error }).toEqual({ end: 'rounds-done', error: undefined });
  });

  test('that misbehave are not begun where the upload itself does not work', async () => {
    const { origin } = await startUnhappyTarget('none');
    const record = await hunt({ url: `${origin}/private`, scenarios: 'abort', uploadsPerRound: 10 });
    expect(record).toMatchObject({ exitCode: 4, end: 'too-many-failed', error: { code: 'TOO_MANY_FAILED' } });
    expect(record.load.endings).toBeUndefined();
  });

  test('share the time limit, and tell of each as it begins', async () => {
    const begun: string[] = [];
    const onEvent = (event: HuntEvent) => event.type === 'scenario' && begun.push(event.name);
    const record = await huntUnhappy('none', 'complete,truncate', {
      rounds: 'auto',
      timeLimit: 0.5,
      onEvent,
    });
    expect(begun).toEqual(['complete', 'truncate@50%']);
    expect(record.scenarios!.map(({ end }) => end)).toEqual(['time-limit', 'time-limit']);
  });
});
