import type { ResourceRecord } from '../../hunt/record.js';
import { formatRange, formatValue } from '../../units.js';
import { reasonInWords, wholeNumber } from './wording.js';

/** Growth per upload with its sign: `+772 B`, `+1.00`. */
export function estimateOf({ perUpload, unit }: Pick<ResourceRecord, 'perUpload' | 'unit'>): string {
  const whole = unit === 'count' ? wholeNumber(perUpload) : undefined;
  const sign = perUpload.estimate > 0 ? '+' : '';
  const text = whole === undefined ? formatValue(perUpload.estimate, unit) : whole.toFixed(2);
  return `${text === '0' || text === '0 B' ? '' : sign}${text}`;
}

export function intervalOf({ perUpload, unit }: Pick<ResourceRecord, 'perUpload' | 'unit'>): string {
  return formatRange(perUpload.low, perUpload.high, unit);
}

/** Why, as short as a column wants it: what was proved, and the way out only where the verdict waits for it. */
export function whyOf(resource: ResourceRecord): string {
  const { verdict, reason, perUpload, unit, decisive } = resource;
  if (verdict === 'flat' && reason !== 'filled') {
    const most = formatValue(perUpload.high, unit);
    return perUpload.high <= 0 || /^0( B)?$/.test(most) ? 'did not grow' : `less than ${most}`;
  }
  return reasonInWords(decisive ? resource : { ...resource, moreUploads: undefined });
}
