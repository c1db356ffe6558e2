import { describe, expect, it } from 'vitest';
import { teethOf } from '../../src/statistics/teeth.js';

/** Small repeatable noise that is neither a line nor a wave. */
const noise = (i: number) => Math.sin(i * i * 1.7) / 100;

function readings(count: number, value: (i: number) => number) {
  const u = Float64Array.from({ length: count }, (_, i) => i / (count - 1));
  return { u, y: u.map((_, i) => value(i)), floor: 1e-9 };
}

describe('teeth', () => {
  it('begin at the first fall, and tell how far each reading lies behind the fall before it', () => {
    const { start, falls, since, blur } = teethOf(readings(21, i => ((i + 2) % 5) + noise(i)));
    expect([start, falls]).toEqual([3, 4]);
    expect([...since].map(each => Math.round(each * 20))).toEqual([
      0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2,
    ]);
    expect(blur).toBeCloseTo(1, 1);
  });

  it('take a fall over several readings for one', () => {
    const levels = [0, 1, 2, 3, 4, 5, 2, -1, 0, 1, 2, 3, 4, 5, 6];
    expect(teethOf(readings(15, i => levels[i]! + noise(i)))).toMatchObject({ start: 7, falls: 1 });
  });

  it('are seen from the first, small one, where they become higher and higher', () => {
    const heights = [0, 2, 4, 6].flatMap(tooth => [0, 1, 2, 3].map(i => tooth + i * (1 + tooth)));
    expect(teethOf(readings(16, i => heights[i]! + noise(i)))).toMatchObject({ start: 4, falls: 3 });
  });

  it('are none in noise, in a line, or where nothing changes', () => {
    expect(teethOf(readings(48, noise)).falls).toBe(0);
    expect(teethOf(readings(48, i => i)).falls).toBe(0);
    expect(teethOf(readings(48, () => 0))).toMatchObject({ falls: 0, since: new Float64Array() });
  });
});
