import type { Point } from '../verdict.js';
import { decide } from './decide.js';
import { exact, exactLately } from './exact.js';
import type { InconclusiveReason, Judgement } from './judgement.js';
import { uploadsToDecide } from './more.js';
import { type NormalizedSeries, seriesOf } from './series.js';
import { type JudgeSettings, reportedTail } from './settings.js';
import { lineOf, plateauOf } from './shape.js';
import { constant, tooFew } from './trivial.js';
import { reportedGrowth, viewsOf } from './views.js';

export type { Judgement, Reason } from './judgement.js';

export interface JudgeOptions {
  /** Growth per upload that still counts as flat, in the resource's unit. */
  margin: number;
  /** Growth per upload below which the series is called flat, if that is not the margin itself. */
  flatBelow?: number | undefined;
  /** Proven growth per upload above which the series is not called flat, if that is not the margin itself. */
  provenAbove?: number | undefined;
  /** How often the series may be judged before the hunt ends; each look is a chance of a false alarm. */
  looks?: number;
  /** How many resources the hunt judges. */
  resources?: number;
  /** Uploads below which growth is not yet called a leak, because something may be filling up. */
  minUploads?: number;
  /** Smallest change a reading can show, such as 1 for counts or 4096 for pages; found out if not given. */
  resolution?: number;
}

/** The verdict of one series. Warm-up is already removed; points may have any order and spacing. */
export function judge(points: readonly Point[], options: JudgeOptions): Judgement {
  const settings = {
    looks: 5,
    resources: 10,
    minUploads: 0,
    ...options,
    flatBelow: options.flatBelow ?? options.margin,
    provenAbove: options.provenAbove ?? options.margin,
  };
  const series = seriesOf(points, options.resolution);
  if (series.uploads.length < 3 || !(series.span > 0)) return tooFew(series, settings);
  if (series.unit === 0) return constant(series, settings);
  return exact(series, settings) ?? exactLately(points, series, settings) ?? judgeNoisy(series, settings);
}

function judgeNoisy(series: NormalizedSeries, settings: JudgeSettings): Judgement {
  const views = viewsOf(series);
  const { verdict, reason, view } = decide(series, settings, views);
  const perUpload = reportedGrowth(view);
  const plateau = plateauOf(series, views);
  const line = lineOf(series, views, perUpload.estimate);
  const judgement: Judgement = {
    verdict,
    reason,
    perUpload,
    confidence: 1 - reportedTail,
    line,
  };
  if (plateau) judgement.plateau = plateau;
  if (verdict === 'inconclusive') {
    judgement.moreUploads = uploadsToDecide(
      reason as InconclusiveReason,
      series,
      settings,
      perUpload,
      plateau,
    );
  }
  return judgement;
}
