import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { BaselineLeak, BaselineRecord } from '../record/baseline-record.js';
import { type Hunt, type ResourceRecord, scenariosOf } from '../record/record.js';
import { type Comparison, compareHunts, type ResourceComparison } from './comparison.js';

/**
 * A hunt with its leaks compared with an earlier record: its verdict stays, but its exit code is that of a
 * leak only if a leak is new or has grown by more than the margin. A hunt that was broken off keeps its exit
 * code.
 */
export function withBaseline(hunt: Hunt, baseline: Hunt, path?: string): Hunt {
  const comparison = compareHunts({ name: 'baseline', hunts: [baseline] }, { name: 'hunt', hunts: [hunt] });
  const record: BaselineRecord = {
    path,
    startedAt: baseline.leakhunt.startedAt,
    known: [],
    new: [],
    grown: [],
    undecided: [],
  };
  for (const { scenario, resources } of scenariosOf(hunt)) {
    for (const each of resources.filter(({ decisive }) => decisive)) {
      const compared = comparedIn(comparison, scenario, each);
      if (each.verdict === 'leak') record[kindOf(compared)].push(leakOf(scenario, each, compared));
      else if (each.verdict === 'inconclusive' && !isNoWorse(compared)) {
        record.undecided.push({ scenario, resource: each.name });
      }
    }
  }
  return { ...hunt, exitCode: exitCodeOf(hunt, record), baseline: record };
}

function comparedIn({ scenarios }: Comparison, scenario: string, { name }: ResourceRecord) {
  return scenarios.find(each => each.scenario === scenario)?.resources.find(each => each.name === name);
}

/** What was flat in the baseline and leaks now is new, however little it exceeds the margin. */
function kindOf(compared?: ResourceComparison): 'known' | 'new' | 'grown' {
  if (!compared || compared.before.verdict === 'flat') return 'new';
  if (compared.before.verdict === 'inconclusive') return isNoWorse(compared) ? 'known' : 'new';
  return compared.outcome === 'regression' ? 'grown' : 'known';
}

function isNoWorse(compared?: ResourceComparison): boolean {
  return compared !== undefined && compared.outcome !== 'regression' && compared.outcome !== 'not-told-apart';
}

function leakOf(
  scenario: string,
  { name, unit, margin, perUpload }: ResourceRecord,
  compared?: ResourceComparison,
): BaselineLeak {
  return {
    scenario,
    resource: name,
    unit,
    margin,
    perUpload,
    before: compared?.before.perUpload,
    difference: compared?.difference,
  };
}

const judged: ReadonlySet<ExitCode> = new Set([exitCodes.flat, exitCodes.leak, exitCodes.inconclusive]);

function exitCodeOf(hunt: Hunt, { new: fresh, grown, undecided }: BaselineRecord): ExitCode {
  if (!judged.has(hunt.exitCode)) return hunt.exitCode;
  if (fresh.length + grown.length > 0) return exitCodes.leak;
  const parts = scenariosOf(hunt);
  if (parts.some(({ error }) => error)) return exitCodes.unmeasurable;
  const unread = parts.some(({ resources }) => !resources.some(({ decisive }) => decisive));
  return undecided.length > 0 || unread ? exitCodes.inconclusive : exitCodes.flat;
}
