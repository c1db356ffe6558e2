import { expect, test } from 'vitest';
import { type Random, sfc32 } from '../../src/fixtures/sfc32.js';
import { sizeParts } from '../../src/verdict/size-sweep.js';

const sizes = [1000, 100_000, 1_000_000];

function normal(random: Random): number {
  const uniform = () => (random.next() + 1) / (2 ** 32 + 1);
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Rounds of 100 uploads in cycles of three sizes, on a server that keeps so much, read with noise. */
function cyclesOf(count: number, perUpload: number, perByte: number, noise: number, random = sfc32(1)) {
  return Array.from({ length: count }, () =>
    sizes.map(size => ({
      uploads: 100,
      size,
      growth: 100 * (perUpload + perByte * size) + noise * normal(random),
    })),
  );
}

test('growth without noise is taken apart exactly', () => {
  const { perUpload, perByte } = sizeParts(cyclesOf(4, 4200, 0.5, 0))!;
  expect([perUpload.estimate, perUpload.low, perUpload.high]).toEqual(
    [4200, 4200, 4200].map(each => expect.closeTo(each, 6)),
  );
  expect([perByte.estimate, perByte.low, perByte.high]).toEqual(
    [0.5, 0.5, 0.5].map(each => expect.closeTo(each, 9)),
  );
});

test('each interval holds the truth nineteen times of twenty', () => {
  const random = sfc32(3);
  let held = [0, 0];
  for (let i = 0; i < 1000; i += 1) {
    const { perUpload, perByte } = sizeParts(cyclesOf(6, 4200, 0.01, 1e6, random))!;
    held = [
      held[0]! + Number(perUpload.low <= 4200 && 4200 <= perUpload.high),
      held[1]! + Number(perByte.low <= 0.01 && 0.01 <= perByte.high),
    ];
  }
  for (const each of held) expect(Math.abs(each - 950)).toBeLessThan(30);
});

test('one cycle is no measure of its own error', () => {
  expect(sizeParts(cyclesOf(1, 1, 1, 0))).toBeUndefined();
});
