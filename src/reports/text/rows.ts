import { isOfSameObjects, isPartOf, isPlural } from '../../probes/resource-questions.js';
import { type ResourceName, resources } from '../../probes/resources.js';
import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { isCutShort } from './advice.js';
import { type Why, whyOf } from './reasons.js';
import { leaksInWords } from './wording.js';

/** The row of one resource: why its verdict is what it is. */
export interface Row extends Why {
  resource: ResourceRecord;
}

/** The rows of a scenario; no row contradicts another. */
export function wordRows(part: ScenarioRecord): Row[] {
  const leaks = part.resources.filter(({ verdict }) => verdict === 'leak');
  return part.resources.map(resource => {
    if (isCutShort(resource, part)) {
      return { resource, short: 'stopped early', long: 'the hunt stopped early, once a leak was certain' };
    }
    const why = whyOf(resource);
    const same = leaks.find(leak => isOfTheSame(resource.name, leak.name));
    if (resource.verdict === 'leak' || !same || !soundsHarmless.has(resource.reason)) {
      return { resource, ...why };
    }
    const { title } = resources[same.name];
    const isPart = isPartOf(same.name, resource.name);
    const short = isPart ? 'contains a leak' : `see ${title}`;
    return {
      resource,
      short,
      long: `${why.long}, but ${isPart ? `it contains ${title}, which ${isPlural(same.name) ? 'leak' : 'leaks'}` : leaksInWords(same.name)}`,
    };
  });
}

/** Next to a leak of memory, these would be taken for the all-clear. */
const soundsHarmless: ReadonlySet<ResourceRecord['reason']> = new Set([
  'filled',
  'falling',
  'still-filling',
  'may-be-filling',
  'drains',
]);

/** Whether one is part of the other, or counts what the other weighs. */
function isOfTheSame(name: ResourceName, other: ResourceName): boolean {
  return isPartOf(other, name) || isOfSameObjects(name, other);
}
