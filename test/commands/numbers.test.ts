import { expect, test } from 'vitest';
import { rateOf } from '../../src/commands/numbers.js';

test('a rate is a number of uploads in a second, a minute or an hour', () => {
  expect(['50/s', '0.5/s', '300/min', '7200/h'].map(rateOf('--rate'))).toEqual([50, 0.5, 5, 2]);
});

test.each(['50', '0/s', '-1/s', '50/day', 's', '1e3/s'])('%s is no rate', text => {
  expect(() => rateOf('--rate')(text)).toThrow(`--rate "${text}" is not a rate: write it as in --rate 50/s`);
});
