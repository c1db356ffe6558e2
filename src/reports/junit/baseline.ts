import type { Hunt, ResourceRecord, ScenarioRecord } from '../../record/record.js';
import type { TestCase } from './cases.js';

/** A test case in the light of the baseline: what does not make the hunt fail is skipped. */
export function besideBaseline(
  { baseline }: Hunt,
  { scenario }: ScenarioRecord,
  { name }: ResourceRecord,
  found: TestCase,
): TestCase {
  if (!baseline) return found;
  const isIn = (list: { scenario: string; resource: string }[]) =>
    list.some(each => each.scenario === scenario && each.resource === name);
  if (found.outcome === 'failure' && isIn(baseline.known)) {
    return { ...found, outcome: 'skipped', type: 'known' };
  }
  const isOpen = found.type === 'inconclusive' && !isIn(baseline.undecided);
  return isOpen ? { ...found, outcome: 'skipped', type: 'no-worse' } : found;
}
