import type { Explanation } from '../statistics/explanation.js';
import type { Series } from './judge-series.js';
import { fewestForNoisyLeak, fewestReadings, flatTail, leakTail, type Settings } from './judge-settings.js';
import { growthOf, reportedGrowth, type View, type Views } from './judge-views.js';
import type { Reason } from './judgement.js';
import type { Interval, Verdict } from './types.js';

export interface Decision {
  verdict: Verdict;
  reason: Reason;
  /** The view that decided. */
  view: View;
}

/** Readings that the later half must have to show a leak by itself. */
const fewestForLaterLeak = 20;

export function decide(series: Series, settings: Settings, views: Views): Decision {
  const { whole } = views;
  if (series.uploads.length < fewestReadings) return inconclusive('too-few-rounds', whole);
  return leakOf(series, settings, views) ?? flatOf(settings, views) ?? undecided(settings, views);
}

function leakOf(series: Series, settings: Settings, { whole, later }: Views): Decision | null {
  const { margin, minUploads } = settings;
  const tail = leakTail(settings);
  const able = later && later.readings >= fewestForLaterLeak ? [whole, later] : [whole];
  const growing = able.filter(view => growthOf(view, tail).low > margin);
  if (growing.length === 0) return null;
  const view = growing.find(each => growthOf(each, tail).low - each.fallen > margin);
  if (!view) return inconclusive('sawtooth', growing[0]!);
  const counted = isWholeNumber(reportedGrowth(view));
  if (series.uploads.length < fewestForNoisyLeak && !counted) return inconclusive('too-few-rounds', view);
  if (series.uploads.at(-1)! < minUploads) return inconclusive('may-be-filling', view);
  return { verdict: 'leak', reason: counted ? 'whole-number' : 'growing', view };
}

function flatOf(settings: Settings, { whole, later, means }: Views): Decision | null {
  const { margin, flatBelow = margin } = settings;
  const views = [whole, later, means].filter(view => view !== null);
  const below = views.filter(view => growthOf(view, flatTail(settings)).high < flatBelow);
  if (below.length === 0) return null;
  if (stillFilling(whole, flatBelow)) return inconclusive('still-filling', whole);
  const view = below.find(each => growthOf(each, flatTail(settings)).high + each.risen < flatBelow);
  if (!view) return inconclusive('one-step', below[0]!);
  if (reportedGrowth(view).high < 0) return { verdict: 'flat', reason: 'falling', view };
  return {
    verdict: 'flat',
    reason: whole.best.transient?.kind === 'filling' ? 'filled' : 'within-margin',
    view,
  };
}

function undecided({ margin, provenAbove = margin }: Settings, { whole }: Views): Decision {
  const fills = stillFilling(whole, margin) && whole.best.growth * whole.perUpload < margin;
  if (fills) return inconclusive('still-filling', whole);
  const { low, high } = reportedGrowth(whole);
  const near = high > margin ? low < margin && high - low < margin / 2 : low > provenAbove;
  return inconclusive(near ? 'near-margin' : 'too-noisy', whole);
}

function inconclusive(reason: Reason, view: View): Decision {
  return { verdict: 'inconclusive', reason, view };
}

function stillFilling({ best, perUpload }: View, margin: number): boolean {
  return best.transient?.kind === 'filling' && growthAtEnd(best) * perUpload >= margin;
}

function growthAtEnd({ transient, growth, rise }: Explanation): number {
  if (transient?.kind !== 'filling') return growth;
  return growth + (rise / transient.tau) * Math.exp(-1 / transient.tau);
}

/** One goroutine, two sockets: things, not bytes, come in numbers up to a score. */
export function isWholeNumber({ estimate, low, high }: Interval): boolean {
  const whole = Math.round(estimate);
  const close = low > whole - 0.1 && high < whole + 0.1 && Math.abs(estimate - whole) < 0.02;
  return close && whole >= 1 && whole <= 20;
}
