import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { type Comparison, compareHunts } from '../../src/compare/comparison.js';
import type { Hunt } from '../../src/record/record.js';
import type { Survey } from '../../src/record/survey.js';
import { comparisonText } from '../../src/reports/comparison/comparison.js';
import { summary } from '../../src/reports/summary.js';
import { surveyReport } from '../../src/reports/terminal/survey.js';
import { terminal } from '../../src/reports/terminal/terminal.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';

/** Two columns a character; emoji of Unicode 9 and 14; letters with a mark that takes no column of its own. */
const names = ['保存する', 'store🦉', '守る🫠', 'cafe\u0301', 'हिन्दी', 'save'];
const file = '/サービス/とても長い名前のファイル🫠🫠ハンドラー.js';
const sentence = `${'書き込み先のフォルダーが 満杯です。 '.repeat(8)}🫠 ${'cafe\u0301 '.repeat(30)}`;

const look = (width: number) => ({ width, unicode: true, colour: new Chalk({ level: 0 }) });

/** The column that a text begins in. */
const columnOf = (line: string, text: string) => stringWidth(line.slice(0, line.indexOf(text)));

/** The lines that are wider than the screen and could have been broken. */
const tooWide = (report: string, width: number) =>
  report.split('\n').filter(line => stringWidth(line) > Math.min(width, 110));

function wideHunt(): Hunt {
  const hunt = fullHunt();
  const part = hunt.scenarios!.find(({ culprits }) => culprits.length > 0);
  const [first] = part!.culprits;
  const stack = names.map((name, i) => ({ function: name, file: `${i}.js`, line: 7 }));
  part!.culprits = [
    { ...first!, site: { function: '守る🫠', file, line: 7 }, stack },
    ...names.map(name => ({ ...first!, site: { function: name, file: 'a.js', line: 7 }, stack: [] })),
  ];
  hunt.target.probes[0]!.endpoint = sentence;
  part!.warnings = [sentence];
  part!.load.firstAnswer = { status: 200, text: sentence.repeat(4) };
  return hunt;
}

const survey: Survey = {
  target: { url: 'http://localhost:8000/', pid: 4711, runtime: 'node' },
  probes: [{ source: 'inspector', endpoint: sentence, retries: 0 }],
  missing: [{ source: 'pprof', why: sentence }],
  doubts: [sentence],
  discoverySeconds: 1,
  readingSeconds: 1,
  resources: [{ name: 'heap', source: 'inspector', value: 1e6, noise: 0, margin: 256 }],
};

function wideComparison(): Comparison {
  const side = (name: string, hunt: string) => ({ name, hunts: [recordedHunt(hunt)] });
  const comparison = compareHunts(side(sentence, 'leak'), side('後🫠.json', 'flat'));
  return { ...comparison, differences: [sentence] };
}

describe.each([80, 120])('at %d columns', width => {
  test('no line of a report is wider than the screen, whatever the width of its characters', () => {
    expect(tooWide(terminal(wideHunt(), look(width)), width)).toEqual([]);
  });

  test('neither is one of a survey', () => {
    expect(tooWide(surveyReport(survey, look(width)), width)).toEqual([]);
  });

  test('nor one of a comparison', () => {
    expect(tooWide(comparisonText(wideComparison(), look(width)), width)).toEqual([]);
  });

  test('lines are filled as far as whole words allow', () => {
    const [, ...after] = surveyReport(survey, look(width)).split('\nTip               ');
    const lines = after.find(text => text.startsWith('書き'))!.split('\n');
    for (const [i, line] of lines.slice(0, -3).entries()) {
      const next = lines[i + 1]!.trim().split(' ')[0]!;
      const begin = i === 0 ? 18 : 0;
      expect(begin + stringWidth(`${line} ${next}`)).toBeGreaterThan(Math.min(width, 110));
    }
  });

  test('the places of a stack stand below one another', () => {
    const lines = terminal(wideHunt(), look(width)).split('\n');
    const columns = names.map((_, i) =>
      columnOf(lines.find(line => line.includes(` ${i}.js:7`))!, `${i}.js`),
    );
    expect(new Set(columns).size).toBe(1);
  });

  test('so do the columns of a table, behind names of every kind', () => {
    const rows = names.map(name => ({ name, exitCode: 0, hunt: recordedHunt('flat') }));
    const [head, ...lines] = summary(rows, rows.length, look(width)).split('\n');
    const found = lines.filter(line => names.some(name => line.startsWith(name)));
    expect(found).toHaveLength(names.length);
    for (const line of found) expect(columnOf(line, 'flat')).toBe(columnOf(head!, 'verdict'));
  });

  test('what a culprit is called is broken between characters and loses none', () => {
    const report = terminal(wideHunt(), look(width));
    const [, below] = report.split(/ culprit\n/);
    const words = below!.split('\nstack of')[0]!.replace(/\s+/g, '');
    expect(words).toContain('(とても長い名前のファイル🫠🫠ハンドラー.js:7)');
    expect(report).not.toMatch(/\p{Surrogate}/u);
  });
});
