import type { RoundKind } from '../load/round.js';
import type { SourceName } from '../probes/probe.js';
import type { Reading } from '../probes/reader.js';
import { type ResourceName, resourceNames, resources } from '../probes/resources.js';
import type { Unit } from '../units.js';

/** One moment of one resource. */
export interface SeriesPoint {
  /** Uploads completed so far. */
  uploads: number;
  /** In the resource's unit. */
  value: number;
  /** The round that the reading came after. */
  round: RoundKind;
  /** Seconds since the hunt began. */
  seconds: number;
}

/** One resource over the uploads completed so far. */
export interface Series {
  name: ResourceName;
  unit: Unit;
  source: SourceName;
  points: SeriesPoint[];
}

/** The series in the order of the catalogue; a resource needs two readings to be one. */
export function seriesOf(
  readings: readonly Reading[],
  sourceOf: ReadonlyMap<ResourceName, SourceName>,
): Series[] {
  return resourceNames
    .map(name => ({
      name,
      unit: resources[name].unit,
      source: sourceOf.get(name)!,
      points: pointsOf(name, readings),
    }))
    .filter(series => series.points.length > 1);
}

function pointsOf(name: ResourceName, readings: readonly Reading[]): SeriesPoint[] {
  return readings.flatMap(({ kind, uploads, seconds, values }) => {
    const value = values[name];
    return value === undefined ? [] : [{ uploads, value, round: kind, seconds }];
  });
}
