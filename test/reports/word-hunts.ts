import { type ResourceName, resources } from '../../src/probes/resources.js';
import type { Hunt, ResourceRecord } from '../../src/record/record.js';
import { defaultMargins } from '../../src/verdict/margins.js';
import { recordedHunt } from '../support/hunts.js';

const judgedFrom = 200;

/** Readings after every 300 uploads from 200 on; the last of the values stays. */
function readings(values: number[], uploads: number): ResourceRecord['points'] {
  return Array.from({ length: 9 }, (_, i) => ({
    uploads: judgedFrom + ((uploads - judgedFrom) * i) / 8,
    value: values[Math.min(i, values.length - 1)]!,
    round: 'upload',
    seconds: i,
  }));
}

/** A flat resource that was shown to grow by less than 90 B, or 90, per upload, but for what is said of it. */
export function row(
  name: ResourceName,
  { values = [1, 2], ...more }: Partial<ResourceRecord> & { values?: number[] },
): ResourceRecord {
  return {
    name,
    unit: resources[name].unit,
    source: 'pprof',
    verdict: 'flat',
    reason: 'within-margin',
    perUpload: { estimate: 10, low: -70, high: 90 },
    confidence: 0.975,
    margin: defaultMargins[name],
    decisive: true,
    points: readings(values, 2600),
    ...more,
  };
}

/** A hunt of a Go server with these resources and 24 rounds of 100; `uploads` is where its readings end. */
export function huntOf(
  rows: ResourceRecord[],
  { uploads, ...more }: Partial<Hunt> & { uploads?: number } = {},
): Hunt {
  const hunt = recordedHunt('flat');
  const until = (each: ResourceRecord) =>
    uploads === undefined ? each : { ...each, points: readings([1, 2], uploads) };
  return {
    ...hunt,
    end: 'time-limit',
    culprits: [],
    load: { ...hunt.load, rounds: 24 },
    ...more,
    resources: rows.map(until),
  };
}
