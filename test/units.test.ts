import { describe, expect, test } from 'vitest';
import { formatBytes, formatCount, formatRange, formatSeconds, parseBytes } from '../src/units.js';

describe('sizes are read', () => {
  test.each([
    ['1.3MB', 1_300_000],
    ['64KiB', 65_536],
    ['64 kib', 65_536],
    ['4096', 4096],
    ['0', 0],
    ['-5', -5],
    ['2GB', 2e9],
  ])('%s is %d bytes', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  test.each(['10XB', 'abc', '', '1.2.3MB', 'MB', '1e9', '0x10'])('%j is refused by name', text =>
    expect(() => parseBytes(text)).toThrow(`"${text}" is not a size`),
  );
});

test.each([
  [607, 834, 'bytes', '607 to 834 B'],
  [-36_557, 14_848, 'bytes', '-35.7 to 14.5 KiB'],
  [-3, 2_000_000, 'bytes', '0 to 1.91 MiB'],
  [0.93, 1.08, 'count', '0.93 to 1.08'],
] as const)('the range from %d to %d (%s) is %s', (low, high, unit, text) => {
  expect(formatRange(low, high, unit)).toBe(text);
});

describe('values are written with three digits and their unit', () => {
  test.each([
    [0, '0 B'],
    [31, '31 B'],
    [-12, '-12 B'],
    [1023, '1.00 KiB'],
    [4198, '4.10 KiB'],
    [1_300_000, '1.24 MiB'],
    [5e9, '4.66 GiB'],
    [-0.001, '0 B'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    [0, '0'],
    [1, '1.00'],
    [0.0031, '0.0031'],
    [105.4, '105'],
    [12_400, '12,400'],
    [-2, '-2.00'],
    [1e300, '1.00e+300'],
  ])('a count of %d is %s', (count, text) => expect(formatCount(count)).toBe(text));

  test.each([
    [0.85, '850 ms'],
    [12.4, '12.4 s'],
    [200, '3 min 20 s'],
    [34_560, '9.6 hours'],
    [12 * 86_400, '12 days'],
  ])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});
