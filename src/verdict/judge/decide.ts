import type { Fit } from '../../statistics/fit.js';
import { onlyFills, slopeAtEnd } from '../../statistics/transient.js';
import type { Interval, Verdict } from '../verdict.js';
import { growthInLumps, risesLately } from './guards.js';
import type { Reason } from './judgement.js';
import type { NormalizedSeries } from './series.js';
import { fewestForNoisyLeak, fewestReadings, flatTail, type JudgeSettings, leakTail } from './settings.js';
import { growthOf, reportedGrowth, type View, type Views } from './views.js';

export interface Decision {
  verdict: Verdict;
  reason: Reason;
  /** The view that decided. */
  view: View;
}

/** Readings that the later half needs to show a leak by itself. */
const fewestForLaterLeak = 20;

export function decide(series: NormalizedSeries, settings: JudgeSettings, views: Views): Decision {
  const { whole } = views;
  if (series.uploads.length < fewestReadings) return inconclusive('too-few-rounds', whole);
  return leakOf(series, settings, views) ?? flatOf(series, settings, views) ?? undecided(settings, views);
}

function leakOf(
  series: NormalizedSeries,
  settings: JudgeSettings,
  { whole, later, teeth }: Views,
): Decision | null {
  const { margin, minUploads } = settings;
  const tail = leakTail(settings);
  const shown = later && later.readings >= fewestForLaterLeak ? [whole, later] : [whole];
  const able = teeth ? [...shown, teeth] : shown;
  const growing = able.filter(view => growthOf(view, tail).low > margin);
  if (growing.length === 0) return null;
  const view = growing.find(each => growthOf(each, tail).low - each.drawdown > margin);
  if (!view) return inconclusive('sawtooth', growing[0]!);
  const counted = isWholeNumber(reportedGrowth(view));
  if (series.uploads.length < fewestForNoisyLeak && !counted) return inconclusive('too-few-rounds', view);
  if (series.uploads.at(-1)! < minUploads) return inconclusive('may-be-filling', view);
  return { verdict: 'leak', reason: counted ? 'whole-number' : 'growing', view };
}

function flatOf(
  series: NormalizedSeries,
  settings: JudgeSettings,
  { whole, later, means, teeth }: Views,
): Decision | null {
  const { flatBelow, provenAbove } = settings;
  const views = [whole, later, means, teeth].filter(view => view !== null);
  const below = views.filter(view => growthOf(view, flatTail(settings)).high < flatBelow);
  if (below.length === 0) return null;
  if (stillFilling(whole, flatBelow)) return inconclusive('still-filling', whole);
  const view = below.find(each => growthOf(each, flatTail(settings)).high + each.risen < flatBelow);
  if (!view || growthInLumps(series) >= flatBelow) return inconclusive('one-step', view ?? below[0]!);
  if (risesLately(series, flatBelow)) return inconclusive('rises-late', view);
  const growth = reportedGrowth(view);
  if (growth.low > provenAbove) return inconclusive('near-margin', view);
  if (growth.high < 0) return { verdict: 'flat', reason: 'falling', view };
  const fills = whole.best.transient !== null && onlyFills(whole.best.transient);
  return { verdict: 'flat', reason: fills ? 'filled' : 'within-margin', view };
}

function undecided({ margin }: JudgeSettings, { whole }: Views): Decision {
  const fills = stillFilling(whole, margin) && whole.best.growth * whole.perUpload < margin;
  if (fills) return inconclusive('still-filling', whole);
  const { low, high } = reportedGrowth(whole);
  const near = low < margin && high > margin && high - low < margin / 2;
  return inconclusive(near ? 'near-margin' : 'too-noisy', whole);
}

function inconclusive(reason: Reason, view: View): Decision {
  return { verdict: 'inconclusive', reason, view };
}

function stillFilling({ best, perUpload }: View, margin: number): boolean {
  return best.transient !== null && onlyFills(best.transient) && growthAtEnd(best) * perUpload >= margin;
}

function growthAtEnd({ transient, growth, rise }: Fit): number {
  return transient === null ? growth : growth + rise * slopeAtEnd(transient);
}

/** One goroutine, two sockets: unlike bytes, things come in numbers of up to twenty. */
export function isWholeNumber({ estimate, low, high }: Interval): boolean {
  const whole = Math.round(estimate);
  const close = low > whole - 0.1 && high < whole + 0.1 && Math.abs(estimate - whole) < 0.02;
  return close && whole >= 1 && whole <= 20;
}
