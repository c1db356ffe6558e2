import { resources } from '../../probes/resources.js';
import type { BaselineLeak, BaselineRecord } from '../../record/baseline-record.js';
import type { Hunt } from '../../record/record.js';
import { formatBytes, formatCount, formatValue } from '../../units.js';
import { type Told, titleOf, toldOnce } from './told-once.js';

/**
 * The verdict of a hunt compared with its baseline, in a few sentences; undefined if nothing leaks and the
 * hunt's own sentence says it all.
 */
export function baselineInWords(hunt: Hunt, baseline: BaselineRecord): string | undefined {
  const { known, new: fresh, grown, undecided } = baseline;
  if (hunt.verdict === 'flat') return undefined;
  const worse = fresh.length + grown.length > 0;
  const several = new Set([...known, ...fresh, ...grown].map(({ scenario }) => scenario)).size > 1;
  const once = inScenarios([...known, ...fresh, ...grown]);
  const told = (leaks: BaselineLeak[], more: (leak: BaselineLeak) => string) =>
    once
      .filter(({ leak }) => leaks.includes(leak))
      .map(each => `${leakInWords(each, several)}${more(each.leak)}`)
      .join('; ');
  const part = (title: string, text: string) => (text === '' ? [] : [`${title}: ${text}.`]);
  const open = undecided.map(({ resource }) => resources[resource].title).join(', ');
  const verdict = hunt.verdict === 'leak' ? 'Leak' : 'Inconclusive';
  const than = worse ? 'worse than' : undecided.length > 0 ? 'not shown to be worse than' : 'no worse than';
  return [
    `${verdict}, ${than} the baseline.`,
    ...part(
      'New',
      told(fresh, () => ''),
    ),
    ...part('Grown', told(grown, inBaseline)),
    ...part(
      'Known',
      told(known, each => `, as in the baseline${stillOpen(each)}`),
    ),
    ...part('Not decided', open),
  ].join(' ');
}

/** The leaks with each byte counted once, separately for each scenario. */
function inScenarios(leaks: BaselineLeak[]) {
  const scenarios = [...new Set(leaks.map(({ scenario }) => scenario))];
  return scenarios.flatMap(scenario =>
    toldOnce(
      leaks.filter(leak => leak.scenario === scenario).map(leak => ({ ...leak, name: leak.resource, leak })),
    ),
  );
}

/** `4.1 KiB of heap per upload`. */
function leakInWords(
  told: Told<BaselineLeak & { name: BaselineLeak['resource'] }>,
  several: boolean,
): string {
  const { unit, perUpload, scenario } = told;
  const title = titleOf(told);
  const amount =
    unit === 'bytes'
      ? `${formatBytes(perUpload.estimate)} of ${title}`
      : `${formatCount(perUpload.estimate)} ${title}`;
  return `${amount} per upload${several ? ` (${scenario})` : ''}`;
}

function inBaseline({ before, unit }: BaselineLeak): string {
  return before ? ` (${formatValue(before.estimate, unit)} in the baseline)` : '';
}

/** A leak that is measured too noisily may have grown by more than the margin and still count as known. */
function stillOpen({ difference, margin, unit }: BaselineLeak): string {
  if (!difference || difference.high < margin) return '';
  return ` (an increase of up to ${formatValue(difference.high, unit)} is not ruled out)`;
}
