import { describe, expect, test } from 'vitest';
import {
  decimalIn,
  percentIn,
  perSecondIn,
  processIdIn,
  secondsIn,
  shareIn,
  wholeIn,
} from '../../src/amounts.js';
import { rateOf } from '../../src/commands/program/numbers.js';
import { runCli } from '../support/streams.js';

describe('an amount is read the same wherever it stands', () => {
  test.each([
    ['50/s', 50],
    ['0.5/s', 0.5],
    ['300/min', 5],
    ['7200/h', 2],
    ['86400/day', 1],
    ['86400 / day', 1],
  ])('%s is a rate', (text, rate) => expect(perSecondIn(text)).toBeCloseTo(rate));

  test.each(['50', '0/s', '-1/s', '50/week', 's', '1e3/s', '/day', '5/ms'])('%s is no rate', text =>
    expect(perSecondIn(text)).toBeUndefined(),
  );

  test.each([
    ['30', 30],
    ['30s', 30],
    ['0.5', 0.5],
    ['500ms', 0.5],
    ['70ms', 0.07],
    ['1.5min', 90],
    ['2h', 7200],
  ])('%s is a time', (text, seconds) => expect(secondsIn(text)).toBe(seconds));

  test.each(['', 's', '-1', '1e3', '1d', '5 weeks'])('%j is no time', text =>
    expect(secondsIn(text)).toBeUndefined(),
  );

  test('and so are shares, counts, numbers and processes', () => {
    expect(['5%', '0.05', '100%', '1', '0'].map(shareIn)).toEqual([0.05, 0.05, 1, 1, 0]);
    expect(['101%', '1.5', '-1', '', 'x'].map(shareIn)).toEqual(Array(5).fill(undefined));
    expect(['12.5%', '0%', '12.5', '%'].map(percentIn)).toEqual([12.5, 0, undefined, undefined]);
    expect(['100', '-5', '1e3', '0x10', '1.5'].map(wholeIn)).toEqual([100, -5, ...Array(3).fill(undefined)]);
    expect(['1.5', '-2', '0x10', '1e3', ''].map(decimalIn)).toEqual([1.5, -2, ...Array(3).fill(undefined)]);
    expect(['4711', '0', '-1', '0x10', '1e3', ''].map(processIdIn)).toEqual([
      4711,
      ...Array(5).fill(undefined),
    ]);
  });
});

test.each(['--rate', '--traffic'])(
  '%s takes a rate of a day, and refuses the same as the other',
  async flag => {
    expect(rateOf(flag)('86400/day')).toBe(1);
    const { code, stderr } = await runCli(['upload', 'http://127.0.0.1:1/', flag, '5/week']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `leakhunt: ${flag} "5/week" is not a rate: write, for example, ${flag} 50/s, 300/min or 10000/day.\n`,
    });
  },
);
