import { expect, test } from 'vitest';
import { faultsOf, killedHunt, scene, untilReadings } from '../../bench/kills/killed-hunt.js';

test.each([1, 2, 12])(
  'of a hunt that is killed after reading %i there is a record of all readings before the last',
  async count => {
    await using place = await scene();
    const killed = await killedHunt(place, readings => untilReadings(count, readings));
    expect(faultsOf(killed)).toEqual([]);
    expect(killed.readings).toBeGreaterThanOrEqual(count);
    expect(killed.record).toMatchObject({ end: 'interrupted', exitCode: 130 });
    expect(killed.said).toMatch(/^leakhunt: the hunt that began at \S+ was cut short: its readings are in/);
  },
);

test('of a hunt that is killed before its first reading there is no record, and nothing is left', async () => {
  await using place = await scene();
  const killed = await killedHunt(place, async () => {});
  expect(faultsOf(killed)).toEqual([]);
  expect(killed.record).toBeUndefined();
  expect(killed.said).toContain('There is no record in .leakhunt/');
});
