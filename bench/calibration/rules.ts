import { studentUpperQuantile } from '../../src/statistics/student.js';
import { judge } from '../../src/verdict/judge/judge.js';
import type { Point } from '../../src/verdict/verdict.js';
import { margin } from './families.js';
import { leakhunt, type Rule } from './measure.js';

/** After how many rounds the rules of thumb decide, once. */
const decidedAfter = 24;

/** Rules in use elsewhere. None can say that it does not know. */
export const rules: Record<string, Rule> = {
  leakhunt,
  'grew every time': once(points => increases(points) === points.length - 1),
  'least squares, interval above 0': once(points => leastSquares(points).low > 0),
  'back half grows by more than the margin': once(points => leastSquares(points.slice(12)).slope > margin),
  '75% of steps up': once(points => increases(points) >= 0.75 * (points.length - 1)),
};

/** The judge for rings that fill in 2,000 uploads. */
export const patientUploads = 2000;

/** The same judge, told that things may fill for this long. */
export const patient: Rule = points => judge(points, { margin, minUploads: patientUploads });

function once(isLeak: (points: readonly Point[]) => boolean): Rule {
  return points => {
    if (points.length < decidedAfter) return { verdict: 'inconclusive' };
    return { verdict: isLeak(points.slice(0, decidedAfter)) ? 'leak' : 'flat' };
  };
}

function increases(points: readonly Point[]): number {
  return points.filter((point, i) => i > 0 && point.value > points[i - 1]!.value).length;
}

/** The ordinary line, and the lower bound of its 95% interval. */
function leastSquares(points: readonly Point[]): { slope: number; low: number } {
  const count = points.length;
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / count;
  const x = mean(point => point.uploads);
  const y = mean(point => point.value);
  const xx = points.reduce((sum, point) => sum + (point.uploads - x) ** 2, 0);
  const xy = points.reduce((sum, point) => sum + (point.uploads - x) * (point.value - y), 0);
  const slope = xy / xx;
  const rss = points.reduce((sum, point) => sum + (point.value - y - slope * (point.uploads - x)) ** 2, 0);
  const error = Math.sqrt(rss / (count - 2) / xx);
  return { slope, low: slope - studentUpperQuantile(0.025, count - 2) * error };
}
