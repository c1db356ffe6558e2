import { studentUpperQuantile } from '../../statistics/student.js';
import { type Trend, trendError, trendOf } from '../../statistics/trend.js';
import type { Interval } from '../verdict.js';

/** The growth of a site, or of one of its stacks. */
export interface SiteGrowth {
  /** In the resource's unit, with 95% confidence. */
  perUpload: Interval;
  /** Whether it surely grows, given how many others were looked at, and not by one step. */
  grows: boolean;
}

const tail = 0.025;
/** If less than this share of a site's growth is sure, it was sampled too rarely to be accused. */
const leastKnown = 0.1;
/** At so many degrees of freedom, Student's distribution is the normal one. */
const many = 1e6;

/**
 * Growth per upload of what one site holds, from the values after each reading. `variance` is the square of
 * what sampling may have the growth from the first reading to the last off by; `others` is how many sites
 * were looked at (Bonferroni). The least squares slope of a walk whose steps are the sampled objects is off
 * by 6/5 of that variance over the square of the uploads (a Brownian path's; Durlauf and Phillips 1988).
 */
export function siteGrowth(
  uploads: readonly number[],
  values: readonly number[],
  variance: number,
  others: number,
): SiteGrowth {
  const trend = trendOf(uploads, values);
  const span = uploads.at(-1)! - uploads[0]!;
  const sampling = (1.2 * variance) / span ** 2;
  const perUpload = intervalOf(trend, sampling, tail);
  const sure = intervalOf(trend, sampling, tail / Math.max(1, others)).low > 0;
  const known = perUpload.low >= leastKnown * perUpload.estimate;
  return { perUpload, grows: sure && known && !isOneStep(values) };
}

/** Both errors are independent: their squares add up, on either side. */
function intervalOf(trend: Trend, sampling: number, tail: number): Interval {
  const { slope } = trend;
  const scatter = trendError(trend, tail);
  const [below, above] = samplingError(Math.abs(slope), sampling, studentUpperQuantile(tail, many));
  const [down, up] = slope >= 0 ? [below, above] : [above, below];
  return { estimate: slope, low: slope - Math.hypot(scatter, down), high: slope + Math.hypot(scatter, up) };
}

/**
 * How far a sampled amount may be off, below and above: it is worth `m = amount^2 / variance` Poisson events,
 * whose mean lies within m + z^2/2 +- z sqrt(m + z^2/4) (the score interval; Rao 1948). One event in hand is
 * far from symmetric: the truth is rather more than less.
 */
function samplingError(amount: number, variance: number, z: number): [below: number, above: number] {
  if (variance === 0 || amount === 0) return [0, 0];
  const events = amount ** 2 / variance;
  const half = z * Math.sqrt(events + z ** 2 / 4);
  const centre = events + z ** 2 / 2;
  return [(amount * (events - (centre - half))) / events, (amount * (centre + half - events)) / events];
}

/** If most of the growth came in a single step, it is that step, and not growth with every upload. */
const mostInOneStep = 0.8;

function isOneStep(values: readonly number[]): boolean {
  const rises = values.slice(1).map((value, i) => value - values[i]!);
  return Math.max(...rises) > mostInOneStep * (values.at(-1)! - values[0]!);
}
