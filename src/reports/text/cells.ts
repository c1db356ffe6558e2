import type { ResourceRecord } from '../../record/record.js';
import { formatRange, formatValue } from '../../units.js';
import { wholeNumber } from './wording.js';

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
