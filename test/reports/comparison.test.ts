import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import { type Comparison, compareHunts } from '../../src/compare/comparison.js';
import type { Hunt } from '../../src/record/record.js';
import { comparisonText } from '../../src/reports/comparison/comparison.js';
import { comparisonMarkdown } from '../../src/reports/comparison/markdown.js';
import { comparisonSentence } from '../../src/reports/text/comparison.js';
import { recordedHunt } from '../support/hunts.js';

const side = (...hunts: Hunt[]) => ({ name: 'a.json', hunts });
const recorded = (before: string, after: string): Comparison =>
  compareHunts(side(recordedHunt(before)), side(recordedHunt(after)));
const plainLook = { unicode: true, colour: new Chalk({ level: 0 }) };
const slower = (times: number): Comparison => {
  const comparison = recorded('leak', 'flat');
  comparison.scenarios[0]!.trades.latencyP50 = {
    before: 30,
    after: 30 * times,
    ratio: { estimate: times, low: times - 0.01, high: times + 0.01 },
  };
  return comparison;
};

describe('the comparison for people', () => {
  test.each([
    ['leak', 'flat'],
    ['flat', 'leak'],
    ['flat', 'inconclusive'],
  ])('of %s and %s is as it was', async (before, after) => {
    const text = comparisonText(recorded(before, after), { width: 80, ...plainLook });
    await expect(text).toMatchFileSnapshot(`golden/compare-${before}-${after}-80.txt`);
  });

  test.each([80, 120])('fits into %d columns', width => {
    for (const [before, after] of [
      ['leak', 'flat'],
      ['flat', 'leak'],
      ['flat', 'inconclusive'],
    ] as const) {
      const lines = comparisonText(recorded(before, after), { width, ...plainLook }).split('\n');
      expect(lines.filter(line => line.length > width)).toEqual([]);
    }
  });

  test('says the same in colour', () => {
    const comparison = recorded('flat', 'leak');
    const coloured = comparisonText(comparison, {
      width: 80,
      unicode: true,
      colour: new Chalk({ level: 1 }),
    });
    expect(coloured).toContain('\u001b[31m');
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(
      comparisonText(comparison, { width: 80, ...plainLook }),
    );
  });

  test('cannot be made to write to the terminal by what a record says', () => {
    const hostile = '\u001b[2J\u001b]0;title\u0007\u202egnirts\u0000';
    const hunt = recordedHunt('flat');
    hunt.scenario += hostile;
    hunt.target.url += hostile;
    const failed = { ...recordedHunt('flat'), scenario: hostile, error: { code: 'X', message: hostile } };
    const both: Hunt = { ...hunt, scenarios: [hunt, failed] };
    const comparison = compareHunts({ name: hostile, hunts: [both] }, side(both), { differences: [hostile] });
    expect(comparisonText(comparison, { width: 80, ...plainLook })).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
    );
  });
});

describe('the sentence', () => {
  test('names the price of flat memory where it is sure', () => {
    expect(comparisonSentence(slower(1.1))).toMatch(
      /^Better: flat now; before, each upload left .* behind\. Uploads are 10% slower\.$/,
    );
    expect(comparisonSentence(slower(0.8))).toContain(' Uploads are 20% faster.');
    expect(comparisonSentence(slower(1.005))).not.toContain('Uploads');
  });

  test('of a smaller leak does not call it flat', () => {
    const leak = recordedHunt('leak');
    const worse: Hunt = {
      ...leak,
      resources: leak.resources.map(each =>
        each.name === 'goroutines' ? { ...each, perUpload: { estimate: 3, low: 2.99, high: 3.01 } } : each,
      ),
    };
    const sentence = comparisonSentence(compareHunts(side(worse), side(leak)));
    expect(sentence).toBe('Better: each upload leaves 2 goroutines less behind than before.');
  });

  test('of what is not told apart says what was not ruled out', () => {
    expect(comparisonSentence(recorded('flat', 'inconclusive'))).toContain(
      'Inconclusive: heap (185 to 370 B per upload)',
    );
  });
});

test('the comment for a pull request is as it was, and shows no mark-up that a record brings', async () => {
  const comparison = recorded('flat', 'leak');
  await expect(comparisonMarkdown(comparison)).toMatchFileSnapshot('golden/compare.md');
  comparison.before.name = '<img src=x> @all [a](http://b)';
  expect(comparisonMarkdown(comparison)).not.toMatch(/(?<!\\)<img|@all|(?<!\\)\]\(http/);
});
