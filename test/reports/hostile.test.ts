import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import type { Hunt } from '../../src/record/record.js';
import { type FormatName, formats } from '../../src/reports/index.js';
import { xmlText } from '../../src/reports/junit/xml.js';
import { prose } from '../../src/reports/markdown/escape.js';
import { terminal } from '../../src/reports/terminal/terminal.js';
import { closingSentence } from '../../src/reports/text/verdict.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';
import { hostileHunt, hostileLoss } from './hostile-hunt.js';

const look = { width: 10_000, unicode: true, colour: new Chalk({ level: 0 }) };
const names = Object.keys(formats) as FormatName[];
const hunts: [string, Hunt][] = [
  ['leak', recordedHunt('leak')],
  ['flat', recordedHunt('flat')],
  ['inconclusive', recordedHunt('inconclusive')],
  ['several scenarios', fullHunt()],
  [
    'lost',
    { ...recordedHunt('flat'), error: { code: 'TARGET_LOST', message: 'Process 1 ended: "<a> & b".' } },
  ],
];

/** A text as a format has to write it. CSV is the series alone, and JSON the numbers that the sentence is made of. */
const written: Record<Exclude<FormatName, 'csv' | 'json'>, (text: string) => string> = {
  html: text =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  markdown: prose,
  junit: xmlText,
  prometheus: text => text.replaceAll('"', '\\"'),
};

describe('every format', () => {
  test.each(hunts)('closes with the same sentence: %s', (_, hunt) => {
    const sentence = closingSentence(hunt);
    expect(sentence.length).toBeGreaterThan(20);
    for (const [name, write] of Object.entries(written)) {
      expect(formats[name as FormatName](hunt, {})).toContain(write(sentence));
    }
    // The report for people is wrapped.
    expect(terminal(hunt, look).replace(/\s+/g, ' ')).toContain(sentence);
  });

  test.each(names)('of a hostile record is written, and holds nothing that a terminal acts on: %s', name => {
    for (const hunt of [hostileHunt(), hostileLoss()]) {
      const text = formats[name](hunt, {});
      expect(text.length).toBeGreaterThan(100);
      if (name !== 'json')
        expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
    }
  });

  test('for people holds nothing of a hostile record that a terminal acts on, in whatever key it is', () => {
    const attack = '\u001b[2J\u202e';
    const record = JSON.parse(
      JSON.stringify(fullHunt(), (key, value) =>
        /^(version|function|file|url|endpoint|scenario|why|message|state)$/.test(key)
          ? `${value}${attack}`
          : value,
      ),
    );
    expect(terminal({ ...record, warnings: [attack] }, { ...look, verbose: true })).not.toMatch(
      /[\u001b\u202e]/,
    );
  });

  test.each(names)('of a record without a single number is written: %s', name => {
    const hunt = JSON.parse(JSON.stringify(fullHunt()), (_, value) =>
      typeof value === 'number' ? Number.NaN : value,
    );
    expect(formats[name](hunt, {}).length).toBeGreaterThan(100);
    expect(terminal(hunt, { ...look, verbose: true })).toContain('NaN');
  });
});
