import { isHeap } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import type { Culprit, Hunt, ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { formatValue } from '../../units.js';
import type { ReportOptions } from '../options.js';
import { adviceFor, cutShortInWords, isCutShort } from '../text/advice.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import { culpritInWords, shareInWords } from '../text/culprits.js';
import { wordRows } from '../text/rows.js';
import { sentenceOf } from '../text/verdict.js';
import { growthInWords, provedInWords, suspectsInWords } from '../text/wording.js';

/** One row of what a CI shows. */
export interface TestCase {
  name: string;
  outcome: 'passed' | 'failure' | 'error' | 'skipped';
  /** Short and stable, for programs; absent where it passed. */
  type?: string;
  message?: string;
  body: string;
}

/** Whether the target could be measured to the end, and something was found out. */
export function caseOfMeasuring(part: ScenarioRecord, options: ReportOptions): TestCase {
  const name = 'measured';
  const message = sentenceOf(part);
  if (part.error) return { name, outcome: 'error', type: part.error.code, message, body: '' };
  if (part.end === 'interrupted') {
    return {
      name,
      outcome: 'error',
      type: 'interrupted',
      message: `Interrupted. So far: ${message}`,
      body: '',
    };
  }
  const undecided = part.resources.some(each => each.decisive && each.verdict === 'inconclusive');
  if (part.verdict === 'inconclusive' && !undecided) {
    return { name, outcome: outcomeOfNothing(options), type: 'inconclusive', message, body: '' };
  }
  return { name, outcome: 'passed', body: message };
}

/** One resource. One that the verdict does not rest on is skipped, unless it passed. */
export function caseOfResource(
  part: ScenarioRecord,
  resource: ResourceRecord,
  options: ReportOptions,
): TestCase {
  const { name, verdict, decisive } = resource;
  const body = bodyOf(part, resource);
  if (verdict === 'flat') return { name, outcome: 'passed', body };
  const message = messageOf(part, resource);
  if (part.error) return { name, outcome: 'skipped', type: 'not-measured', message, body };
  if (!decisive) return { name, outcome: 'skipped', type: 'advisory', message, body };
  if (verdict === 'inconclusive') {
    return { name, outcome: outcomeOfNothing(options), type: 'inconclusive', message, body };
  }
  return { name, outcome: 'failure', type: verdict, message, body };
}

function outcomeOfNothing({ allowInconclusive }: ReportOptions): TestCase['outcome'] {
  return allowInconclusive ? 'skipped' : 'error';
}

/** The hunt's own sentence, but about one resource alone. */
function messageOf(part: ScenarioRecord, resource: ResourceRecord): string {
  const { name, verdict, decisive } = resource;
  const { title } = resources[name];
  const alone = { ...part, error: undefined, resources: [resource] };
  const why = whyIn(part, resource);
  if (decisive && verdict === 'leak') return sentenceOf({ ...alone, verdict });
  if (isCutShort(resource, part)) return cutShortInWords(title, part);
  if (decisive) return [`Inconclusive: ${title} (${why}).`, ...adviceFor([resource], part)].join(' ');
  const besideHeap = part.resources.filter(each => each === resource || isHeap(each.name));
  return (
    suspectsInWords({ resources: besideHeap })[0] ?? `${title}: ${why}. The verdict does not rest on it.`
  );
}

function whyIn(part: ScenarioRecord, resource: ResourceRecord): string {
  return wordRows(part).find(row => row.resource === resource)!.long;
}

const mostCulprits = 10;

function bodyOf(part: ScenarioRecord, resource: ResourceRecord): string {
  const { verdict, unit, margin, name } = resource;
  const culprits = part.culprits.filter(each => each.resource === name);
  const more = culprits.length - mostCulprits;
  const what =
    verdict === 'flat' ? `${resources[name].title} ${provedInWords(resource)}` : growthInWords(resource);
  const isSaid = verdict === 'flat' && resource.reason !== 'filled';
  const why = isSaid ? '' : `; ${whyIn(part, resource)}`;
  return [
    `${what}: ${estimateOf(resource)} per upload (${intervalOf(resource)}), margin ${formatValue(margin, unit)}${why}`,
    ...culprits.slice(0, mostCulprits).map(each => culpritLine(each, unit)),
    ...(more > 0 ? [`and ${more} more culprits in the record (--json)`] : []),
  ].join('\n');
}

function culpritLine(culprit: Culprit, unit: ResourceRecord['unit']): string {
  const { perUpload, share } = culprit;
  return `${shareInWords(share)}, ${estimateOf({ perUpload, unit })} per upload: ${culpritInWords(culprit)}`;
}

/** A test case compared with the baseline: one that does not make the hunt fail is skipped. */
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
