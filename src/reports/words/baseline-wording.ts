import type { BaselineLeak, BaselineRecord } from '../../hunt/baseline-record.js';
import type { Hunt } from '../../hunt/record.js';
import { resources } from '../../probes/resources.js';
import { formatBytes, formatCount, formatValue } from '../../units.js';

/**
 * The verdict of a hunt beside its baseline, in a few sentences; undefined where nothing leaks and the hunt's own
 * sentence says all.
 */
export function baselineInWords(hunt: Hunt, baseline: BaselineRecord): string | undefined {
  const { known, new: fresh, grown, undecided } = baseline;
  if (hunt.verdict === 'flat') return undefined;
  const worse = fresh.length + grown.length > 0;
  const several = new Set([...known, ...fresh, ...grown].map(({ scenario }) => scenario)).size > 1;
  const told = (leaks: BaselineLeak[], more: (leak: BaselineLeak) => string) =>
    leaks
      .filter(each => !isToldBy(each, leaks))
      .map(each => `${leakInWords(each, several)}${more(each)}`)
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

/** `4.1 KiB of heap per upload`. */
function leakInWords({ resource, unit, perUpload, scenario }: BaselineLeak, several: boolean): string {
  const { title } = resources[resource];
  const amount =
    unit === 'bytes'
      ? `${formatBytes(perUpload.estimate)} of ${title}`
      : `${formatCount(perUpload.estimate)} ${title}`;
  return `${amount} per upload${several ? ` (${scenario})` : ''}`;
}

function inBaseline({ before, unit }: BaselineLeak): string {
  return before ? ` (${formatValue(before.estimate, unit)} in the baseline)` : '';
}

/** A leak that is too noisily known may have grown by more than the margin and still count as known. */
function stillOpen({ difference, margin, unit }: BaselineLeak): string {
  if (!difference || difference.high < margin) return '';
  return ` (up to ${formatValue(difference.high, unit)} more is not ruled out)`;
}

/** Node counts array buffers as external memory as well. */
function isToldBy({ resource, scenario }: BaselineLeak, leaks: BaselineLeak[]): boolean {
  return (
    resource === 'external' &&
    leaks.some(each => each.resource === 'array-buffers' && each.scenario === scenario)
  );
}
