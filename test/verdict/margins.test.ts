import { describe, expect, test } from 'vitest';
import { marginsOf, tolerancesBeside } from '../../src/verdict/margins.js';

describe('--max-growth', () => {
  test('of nothing asks for nothing', () => expect(marginsOf([])).toEqual({}));
  test('leaves no tolerance beside what is asked for', () => {
    expect(tolerancesBeside()).toEqual({ anon: 512, shmem: 512, rss: 512 });
    expect(tolerancesBeside(marginsOf(['1KiB']))).toEqual({});
    expect(tolerancesBeside(marginsOf(['rss=256B']))).toEqual({ anon: 512, shmem: 512 });
  });
  test('of an amount in bytes is for every resource in bytes', () => {
    expect(marginsOf(['1KiB'])).toMatchObject({ heap: 1024, rss: 1024, stack: 1024 });
    expect(marginsOf(['1KiB'])).not.toHaveProperty('goroutines');
  });
  test('of one resource is for that one, after the others', () => {
    expect(marginsOf(['1KiB', 'goroutines=0.5', 'rss=8kB'])).toMatchObject({
      heap: 1024,
      rss: 8000,
      goroutines: 0.5,
    });
  });
  test.each(['heap=', 'heap=abc', 'goroutines=', 'goroutines=x', 'goroutines=0', 'heap=-1B', 'foo=1', '7'])(
    '%j is refused',
    setting => expect(() => marginsOf([setting])).toThrow(setting),
  );
});
