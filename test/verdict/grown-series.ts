import { sfc32 } from '../../src/fixtures/sfc32.js';
import type { SourceName } from '../../src/probes/probe.js';
import { type ResourceName, resources } from '../../src/probes/resources.js';
import type { Series, SeriesPoint } from '../../src/verdict/series.js';

interface Growth {
  rounds: number;
  /** What the resource holds after so many uploads. */
  value: (uploads: number) => number;
  /** What of it the runtime accounts for. */
  managed?: (uploads: number) => number;
  /** Growth by time alone; a round takes two seconds, a reading half a one. */
  perSecond?: number;
  /** Standard deviation of a reading. */
  noise?: number;
  seed?: number;
}

const perRound = 100;
/** Where the schedule of a hunt has blank rounds; true where they last as long as a round of uploads. */
const firstBlanks = [false, false, true];
const blanksAfter = new Set([2, 6, 12, 20, 36, 72]);

/** A series read as a hunt reads it: warm-up, blank rounds, rounds of 100 uploads. */
export function grown(name: ResourceName, source: SourceName, growth: Growth): Series {
  const { rounds, value, managed, perSecond = 0, noise = 0, seed = 1 } = growth;
  const normal = normalFrom(seed);
  const points: SeriesPoint[] = [];
  let uploads = 0;
  let seconds = 0;
  const read = (round: SeriesPoint['round'], count: number, wait: number) => {
    uploads += count;
    seconds += wait + 0.5;
    points.push({
      uploads,
      value: Math.max(0, Math.round(value(uploads) + perSecond * seconds + noise * normal())),
      round,
      seconds,
      ...(managed ? { managed: managed(uploads) } : {}),
    });
  };
  read('start', 0, 0);
  for (let i = 0; i < 2; i += 1) read('warm-up', perRound, 2);
  for (const long of firstBlanks) read('blank', 0, long ? 2 : 0);
  for (let round = 1; round <= rounds; round += 1) {
    read('upload', perRound, 2);
    if (blanksAfter.has(round) && round < rounds) read('blank', 0, 2);
  }
  return { name, unit: resources[name].unit, source, points };
}

/** Seeded noise of the standard normal distribution (Box and Muller 1958). */
function normalFrom(seed: number): () => number {
  const words = sfc32(seed);
  const uniform = () => words.next() / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
