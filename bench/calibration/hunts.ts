import { noises } from './cells.js';
import { families, onlyLeaking, simulate, slow } from './families.js';
import { leakhunt, untilDecided } from './measure.js';
import { seeded, whole } from './random.js';

const resources = 10;

/** Share of hunts that report a leak in one of ten flat resources, each of a random family and noise. */
export function falseAlarms(hunts: number): number {
  const random = seeded(20_260_101);
  const flat = Object.keys(families).filter(name => !onlyLeaking.includes(name) && !slow.includes(name));
  let alarms = 0;
  for (let hunt = 0; hunt < hunts; hunt++) {
    let alarm = false;
    for (let i = 0; i < resources; i++) {
      const family = flat[whole(random, 0, flat.length - 1)]!;
      const noise = noises[whole(random, 0, noises.length - 1)]!;
      const { points } = simulate({ family, leak: 0, noise }, random);
      if (untilDecided(points, leakhunt).verdict === 'leak') alarm = true;
    }
    if (alarm) alarms++;
  }
  return alarms / hunts;
}
