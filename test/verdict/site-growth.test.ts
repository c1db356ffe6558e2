import { describe, expect, test } from 'vitest';
import { type Random, sfc32 } from '../../src/fixtures/sfc32.js';
import { siteGrowth } from '../../src/verdict/culprits/site-growth.js';

const rounds = 16;
const perRound = 100;
const uploads = Array.from({ length: rounds + 1 }, (_, i) => i * perRound);

function poisson(mean: number, random: Random): number {
  let left = mean;
  let events = 0;
  for (;;) {
    left += Math.log(1 - random.next() / 2 ** 32);
    if (left < 0) return events;
    events += 1;
  }
}

/** What a sampling profile shows of a site that keeps one object of each upload: whole samples, scaled up. */
function sampledSite(size: number, rate: number, random: Random) {
  const probability = 1 - Math.exp(-size / rate);
  const worth = size / probability;
  const values = [0];
  let samples = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < perRound; i += 1) if (random.next() / 2 ** 32 < probability) samples += 1;
    values.push(samples * worth);
  }
  return { values, variance: samples * (1 - probability) * worth ** 2 };
}

describe('the growth of one site', () => {
  test('that is counted exactly has no error', () => {
    const values = uploads.map(each => 7 + 2 * each);
    expect(siteGrowth(uploads, values, 0, 1000)).toEqual({
      perUpload: { estimate: 2, low: 2, high: 2 },
      grows: true,
    });
  });

  // The relative error of a sampled site is that of its number of samples: 1.6 MB at a rate of 512 KiB are three.
  test.each([
    ['a few samples', 1000, 512 * 1024],
    ['tens of samples', 10_000, 512 * 1024],
    ['hundreds of samples', 100_000, 512 * 1024],
    ['objects as large as the rate', 600_000, 512 * 1024],
    ['a finer rate', 1000, 64 * 1024],
  ])('that is sampled lies in its interval, nineteen times of twenty: %s', (_, size, rate) => {
    const random = sfc32(20);
    let held = 0;
    let seen = 0;
    for (let i = 0; i < 1000; i += 1) {
      const { values, variance } = sampledSite(size, rate, random);
      if (variance === 0 && values.at(-1) === 0) continue; // never sampled: such a site is not in the profile
      const { low, high } = siteGrowth(uploads, values, variance, 1).perUpload;
      seen += 1;
      if (low <= size && size <= high) held += 1;
    }
    expect(held / seen).toBeGreaterThan(0.94);
    expect(seen).toBeGreaterThan(900);
  });

  test('that holds a pool which comes and goes is never taken for a culprit among a thousand such', () => {
    const random = sfc32(21);
    let named = 0;
    for (let i = 0; i < 1000; i += 1) {
      const values = uploads.map(() => poisson(9, random) * 524_288);
      if (siteGrowth(uploads, values, 0, 1000).grows) named += 1;
    }
    expect(named).toBe(0);
  });

  test('that was sampled twice is too little known to be named', () => {
    const size = 512;
    const worth = size / (1 - Math.exp(-size / (512 * 1024)));
    const values = uploads.map((_, i) => (Number(i >= 3) + Number(i >= 11)) * worth);
    expect(siteGrowth(uploads, values, 2 * worth ** 2, 10).grows).toBe(false);
  });

  test('that rose in one step, wherever, is not growing with every upload', () => {
    for (let at = 1; at <= rounds; at += 1) {
      const values = uploads.map((_, i) => (i >= at ? 1e6 : 0));
      expect(siteGrowth(uploads, values, 0, 1).grows).toBe(false);
    }
  });

  test('that doubles its slice ever more rarely is growing', () => {
    const values = uploads.map(each => 2 ** Math.ceil(Math.log2(each + 8)));
    expect(siteGrowth(uploads, values, 0, 1).grows).toBe(true);
  });
});

test('a site that grows has an interval away from 0, whatever its series and its sampling', () => {
  const random = sfc32(5);
  const next = () => random.next() / 2 ** 32;
  for (let i = 0; i < 2000; i += 1) {
    const slope = 10 * next() - 2;
    const values = uploads.map(each => slope * each + 3000 * next());
    const { perUpload, grows } = siteGrowth(
      uploads,
      values,
      (2000 * next()) ** 2,
      1 + Math.floor(50 * next()),
    );
    if (grows) expect(perUpload.low).toBeGreaterThanOrEqual(0.1 * perUpload.estimate);
  }
});
