import type { RoundKind } from '../load/round.js';
import type { SourceName } from '../probes/probe.js';
import type { Reading } from '../probes/reading.js';
import { isProcessMemory, outermost, resourceNames } from '../probes/resource-questions.js';
import { type ResourceName, resources } from '../probes/resources.js';
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
  /**
   * For the process's memory: the part that its runtime accounts for, as heap it holds and as buffers beside
   * it.
   */
  managed?: number;
}

/** One resource over the uploads completed so far. */
export interface Series {
  name: ResourceName;
  unit: Unit;
  source: SourceName;
  points: SeriesPoint[];
  /** For a sum over the replicas of a target: each one's own part. */
  replicas?: { endpoint: string; points: SeriesPoint[] }[];
}

/** The series in the order of the catalogue; a resource needs two readings to have one. */
export function seriesOf(
  readings: readonly Reading[],
  sourceOf: ReadonlyMap<ResourceName, SourceName>,
): Series[] {
  const endpoints = [...new Set(readings.flatMap(({ replicas }) => Object.keys(replicas ?? {})))];
  return resourceNames
    .map((name): Series => {
      const points = pointsOf(
        readings,
        ({ values }) => values[name],
        isProcessMemory(name) ? managedIn : none,
      );
      const replicas = endpoints
        .map(endpoint => ({
          endpoint,
          points: pointsOf(readings, reading => reading.replicas?.[endpoint]?.[name]),
        }))
        .filter(replica => replica.points.length > 0);
      const series = { name, unit: resources[name].unit, source: sourceOf.get(name)!, points };
      return replicas.length > 0 ? { ...series, replicas } : series;
    })
    .filter(series => series.points.length > 1);
}

function pointsOf(
  readings: readonly Reading[],
  valueIn: (reading: Reading) => number | undefined,
  managedAt: (reading: Reading) => number | undefined = none,
): SeriesPoint[] {
  return readings.flatMap(reading => {
    const { kind: round, uploads, seconds } = reading;
    const value = valueIn(reading);
    const managed = managedAt(reading);
    const point = { uploads, value, round, seconds, ...(managed === undefined ? {} : { managed }) };
    return value === undefined ? [] : [{ ...point, value }];
  });
}

function none(): undefined {}

function managedIn({ committed, values }: Reading): number | undefined {
  if (committed === undefined) return undefined;
  const buffers = resourceNames.filter(
    name => resources[name].family === 'buffers' && values[name] !== undefined,
  );
  return outermost(buffers, name => name).reduce((sum, name) => sum + values[name]!, committed);
}
