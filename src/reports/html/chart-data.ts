import type { ResourceRecord, RoundRecord } from '../../record/record.js';
import { rangeOf } from '../terminal/chart.js';
import { type ChartData, type LatencyData, roundKinds } from './data.js';
import { thinned } from './limits.js';

/** The chart of a resource; undefined if there are too few readings. */
export function chartData(resource: ResourceRecord, most: number): ChartData | undefined {
  const points = resource.points
    .map(({ uploads, value, round, seconds }, reading): ChartData['points'][number] => [
      reading,
      uploads,
      value,
      roundKinds.indexOf(round),
      Math.round(seconds * 100) / 100,
    ])
    .filter(([, uploads, value]) => Number.isFinite(uploads) && Number.isFinite(value));
  if (points.length < 3) return undefined;
  const known = resource.points.filter(({ uploads, value }) => Number.isFinite(uploads + value));
  const margin = Number.isFinite(resource.margin) ? resource.margin : 0;
  const range = rangeOf({ points: thinned(known, most), margin });
  if (!range.every(Number.isFinite)) return undefined;
  return {
    unit: resource.unit,
    points: thinned(points, most),
    range,
    line: lineOf(resource),
  };
}

/**
 * The fitted line from its start to the last reading. The band is what the slope's interval leaves open: the
 * line turned about the middle of the readings that it was fitted to.
 */
function lineOf({ line, perUpload, points }: ResourceRecord): ChartData['line'] {
  if (!line) return undefined;
  const judged = points.filter(
    ({ uploads, round }) => uploads >= line.from && (round === 'upload' || round === 'blank'),
  );
  const middle = judged.reduce((sum, { uploads }) => sum + uploads, 0) / judged.length;
  const to = Math.max(...thinned(judged, 10_000).map(({ uploads }) => uploads));
  const { estimate, low, high } = perUpload;
  const all = [line.from, line.intercept, middle, to, estimate, low, high];
  if (!all.every(Number.isFinite) || to <= line.from) return undefined;

  const x = [line.from, middle, to];
  const on = (slope: number) => x.map(at => line.intercept + estimate * middle + slope * (at - middle));
  return { x, y: on(estimate), low: on(low), high: on(high) };
}

/** Latencies of the rounds that have any, against the uploads completed so far. */
export function latencyData(rounds: readonly RoundRecord[], most: number): LatencyData | undefined {
  let uploads = 0;
  const all = rounds.flatMap(({ completed, latencyMs }, i): LatencyData['rounds'] => {
    uploads += completed;
    if (!latencyMs) return [];
    const { p50, p90, p99 } = latencyMs;
    return [uploads, p50, p90, p99].every(Number.isFinite) ? [[i, uploads, p50, p90, p99]] : [];
  });
  return all.length < 2 ? undefined : { rounds: thinned(all, most) };
}
