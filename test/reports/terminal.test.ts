import { readFile } from 'node:fs/promises';
import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import type { Hunt } from '../../src/record/record.js';
import { terminal } from '../../src/reports/terminal/terminal.js';

const recorded = async (name: string): Promise<Hunt> =>
  JSON.parse(await readFile(new URL(`../../fixtures/captures/hunts/${name}.json`, import.meta.url), 'utf8'));

const colourless = { unicode: true, colour: new Chalk({ level: 0 }) };

describe('the report for people', () => {
  test.each(['leak', 'flat', 'inconclusive'])('of a recorded hunt (%s) is as it was', async name => {
    const report = terminal(await recorded(name), { width: 80, ...colourless });
    await expect(report).toMatchFileSnapshot(`golden/${name}-80.txt`);
  });

  test('has more room at 120 columns', async () => {
    const report = terminal(await recorded('leak'), { width: 120, ...colourless });
    await expect(report).toMatchFileSnapshot('golden/leak-120.txt');
  });

  test('is plain ASCII where the terminal knows no other', async () => {
    const report = terminal(await recorded('leak'), { width: 80, ...colourless, unicode: false });
    await expect(report).toMatchFileSnapshot('golden/leak-80-ascii.txt');
    expect(report).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test.each([80, 100, 120])('fits into %d columns', async width => {
    for (const name of ['leak', 'flat', 'inconclusive']) {
      const lines = terminal(await recorded(name), { width, ...colourless }).split('\n');
      expect(lines.filter(line => line.length > width && !line.includes('http://'))).toEqual([]);
    }
  });

  test('says the same in colour', async () => {
    const hunt = await recorded('leak');
    const coloured = terminal(hunt, { width: 80, unicode: true, colour: new Chalk({ level: 1 }) });
    expect(coloured).toContain('\u001b[31m');
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(terminal(hunt, { width: 80, ...colourless }));
  });

  test('cannot be made to write to the terminal by what a target says', async () => {
    const hunt = await recorded('flat');
    const hostile = '\u001b[2J\u001b]0;title\u0007\u202egnirts\u0000';
    hunt.target.url += hostile;
    hunt.target.probes[0]!.endpoint += hostile;
    hunt.warnings.push(hostile);
    hunt.error = { code: 'TOO_MANY_FAILED', message: `the first line was ${hostile}` };
    expect(terminal(hunt, { width: 80, ...colourless })).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
    );
  });

  test('of a hunt that measured nothing is still a report', async () => {
    const hunt = { ...(await recorded('inconclusive')), resources: [], rounds: [], churn: null, peak: null };
    expect(terminal(hunt, { width: 80, ...colourless })).toContain('Inconclusive');
  });
});
