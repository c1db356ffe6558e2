import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { type Told, toldOnce } from './told-once.js';
import { isWhole } from './wording.js';

/**
 * What a leak is said to leave behind: each byte once, things that are counted exactly first, then the largest amount
 * of memory. What is no proof by itself is told beside a proven leak where it is more than all of that.
 */
export function leaksTold({ resources: all }: Pick<ScenarioRecord, 'resources'>): Told<ResourceRecord>[] {
  const proven = toldOnce(all.filter(({ verdict, decisive }) => verdict === 'leak' && decisive));
  const most = bytesOf(proven).reduce((total, { perUpload }) => total + perUpload.high, 0);
  const growing = all.filter(({ verdict }) => verdict === 'leak' || verdict === 'suspect');
  const told = toldOnce(growing.filter(({ decisive, unit }) => decisive || unit === 'bytes')).filter(
    ({ decisive, perUpload }) => decisive || perUpload.low > most,
  );
  return [
    ...told.filter(isWhole),
    ...bytesOf(told).toSorted((a, b) => b.perUpload.estimate - a.perUpload.estimate),
    ...told.filter(each => each.unit === 'count' && !isWhole(each)),
  ];
}

function bytesOf<Each extends Pick<ResourceRecord, 'unit'>>(all: readonly Each[]): Each[] {
  return all.filter(({ unit }) => unit === 'bytes');
}
