import { resources } from '../../probes/resources.js';
import type { SizeSweep } from '../../record/record.js';
import { formatCount, formatValue, type Unit } from '../../units.js';
import { listed } from './wording.js';

/** What an upload leaves and what each of its bytes leaves: `742 B per upload regardless of size`. */
export function sweepInWords({ resource, perUpload, perByte }: SizeSweep): string {
  const { unit } = resources[resource];
  const parts = [
    ...(perUpload.low > 0 ? [`${formatValue(perUpload.estimate, unit)} per upload regardless of size`] : []),
    ...(perByte.low > 0 ? [`${perByteInWords(perByte.estimate, unit)} per byte uploaded`] : []),
  ];
  const kept = unit === 'bytes' && perByte.low > 0.5 ? ': request bodies are retained' : '';
  return parts.length > 0 ? `${listed(parts)}${kept}` : 'no growth shown per upload or per byte';
}

/** Growth per byte is small: `1.00 B`, `0.0031`. */
export function perByteInWords(value: number, unit: Unit): string {
  return unit === 'bytes' ? `${formatCount(value)} B` : formatCount(value);
}
