import { isOfSameObjects, isPartOf, isPlural } from '../../probes/resource-questions.js';
import { type ResourceName, resources } from '../../probes/resources.js';
import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { isCutShort } from './advice.js';
import { type Why, whyOf } from './reasons.js';

/** The row of one resource: why its verdict is what it is. */
export interface Row extends Why {
  resource: ResourceRecord;
}

/** The rows of a scenario, each in the light of the others: they must not contradict each other. */
export function wordRows(part: ScenarioRecord): Row[] {
  const leaks = part.resources.filter(({ verdict }) => verdict === 'leak');
  return part.resources.map(resource => {
    if (isCutShort(resource, part)) {
      return { resource, short: 'not decided', long: 'not decided before a leak ended the hunt' };
    }
    const why = whyOf(resource);
    const same = leaks.find(leak => isOfTheSame(resource.name, leak.name));
    if (resource.verdict === 'leak' || !same || !soundsHarmless.has(resource.reason)) {
      return { resource, ...why };
    }
    const { title } = resources[same.name];
    const isPart = isPartOf(same.name, resource.name);
    const short = isPart ? 'part of it leaks' : `see ${title}`;
    return {
      resource,
      short,
      long: `${why.long}, but the ${title}${isPart ? ' in it' : ''} ${isPlural(same.name) ? 'leak' : 'leaks'}`,
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
