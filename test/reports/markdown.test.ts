import { describe, expect, test } from 'vitest';
import { code, prose } from '../../src/reports/markdown/escape.js';
import { markdown } from '../../src/reports/markdown/markdown.js';
import { sparkline } from '../../src/reports/markdown/sparkline.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';
import { hostileHunt, hostileLoss } from './hostile-hunt.js';

/** What is left of Markdown where code is taken out: only there can anything be markup. */
const outsideCode = (text: string) =>
  text.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '').replace(/(?<![`\\])(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');

describe('Markdown', () => {
  test.each(['leak', 'flat', 'inconclusive'])('of a recorded hunt (%s) is as it was', async name => {
    await expect(markdown(recordedHunt(name))).toMatchFileSnapshot(`golden/${name}.md`);
  });

  test('of a hunt with everything in it is as it was', async () => {
    await expect(markdown(fullHunt())).toMatchFileSnapshot('golden/full.md');
  });

  test.each([
    ['hostile', hostileHunt()],
    ['lost and hostile', hostileLoss()],
  ])('lets a target write no markup, no link and no mention: %s', (_, hunt) => {
    const text = markdown(hunt);
    const shown = outsideCode(text).replaceAll('&#8203;', '~');
    expect(shown).not.toMatch(/(?<!\\)<(?!\/?(?:details|summary)>)/);
    expect(shown).not.toMatch(/@\w|#\d|:\/\/|(?<!\\)\]\(|[\u0000-\u0008\u000b-\u001f\u202e]/);
    expect(shown.match(/(?<!\\)<details>/g)!.length).toBe(shown.match(/(?<!\\)<\/details>/g)!.length);
    expect(text).not.toMatch(/\p{Surrogate}/u);
  });

  test('keeps the columns of its tables whatever stands in them', () => {
    const tables = markdown(hostileHunt())
      .split('\n\n')
      .filter(block => block.startsWith('| '))
      .map(block => block.split('\n').map(row => row.split(/(?<!\\)\|/).length));
    expect(tables.length).toBe(2);
    for (const counts of tables) expect(new Set(counts).size).toBe(1);
  });

  test.each([
    ['10,000 culprits', hostileHunt()],
    [
      '500 scenarios',
      { ...fullHunt(), scenarios: Array.from({ length: 500 }, () => fullHunt().scenarios![1]!) },
    ],
    ['a sentence without end', { ...hostileLoss(), error: { code: 'X', message: '|'.repeat(200_000) } }],
  ])('fits into a comment: %s', (_, hunt) => {
    expect(Buffer.byteLength(markdown(hunt))).toBeLessThan(60_000);
  });

  test('code ends where it is meant to', () => {
    expect(code('a`b')).toBe('``a`b``');
    expect(code('`')).toBe('`` ` ``');
    expect(code('a|b\nc')).toBe('`a\\|b c`');
  });

  test('prose is one line that says what it said', () => {
    expect(prose('a * b_c\n@me <b> #12')).toBe('a \\* b\\_c @&#8203;me \\<b\\> #&#8203;12');
    expect(prose('1. no list')).toBe('1&#8203;. no list');
  });
});

describe('a sparkline', () => {
  test('rises with what leaks and is level for what is flat', () => {
    const [heap] = recordedHunt('leak').resources;
    const line = [...sparkline(heap!)];
    expect(line.length).toBe(20);
    expect([line[0], line.at(-1)]).toEqual(['▁', '█']);
    const flat = [...sparkline(recordedHunt('flat').resources[0]!)];
    expect(new Set(flat).size).toBeLessThan(5);
  });

  test('of too few numbers is empty', () => {
    expect(sparkline({ points: [], margin: 1 })).toBe('');
    const points = recordedHunt('leak').resources[0]!.points.map(point => ({ ...point, value: Number.NaN }));
    expect(sparkline({ points, margin: 1 })).toBe('');
  });
});
