import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { between, seeded } from '../calibration/random.js';
import { faultsOf, type Killed, killedHunt, scene } from './killed-hunt.js';

/**
 * Kills hunts of the built-in demo with SIGKILL at a random moment of their first seconds, and looks for the
 * record of each: `npm run build && npx tsx bench/kills/run.ts --kills 200 --seed 1`.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    /** Milliseconds from the start of the program to the first and the last moment that are tried. */
    from: { type: 'string', default: '0' },
    within: { type: 'string', default: '4000' },
  },
});
const random = seeded(Number(values.seed));
const all: Killed[] = [];
let faulty = 0;
for (let i = 1; i <= Number(values.kills); i += 1) {
  const ms = between(random, Number(values.from), Number(values.within));
  await using place = await scene();
  const killed = await killedHunt(place, () => sleep(ms));
  const faults = faultsOf(killed);
  if (faults.length > 0) {
    faulty += 1;
    console.log(`kill ${i}, after ${Math.round(ms)} ms: ${faults.join('; ')}`);
  }
  all.push(killed);
}
const read = all.filter(({ readings }) => readings > 0);
const most = Math.max(...all.map(({ readings }) => readings));
const total = all.reduce((sum, { readings }) => sum + readings, 0);
console.log(
  `${all.length} kills, ${read.length} of them after the first reading: ${faulty} without a whole record. ` +
    `${total} readings were written, ${most} at most in one hunt.`,
);
process.exitCode = faulty === 0 ? 0 : 1;
