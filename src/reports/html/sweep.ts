import { resources } from '../../probes/resources.js';
import type { ScenarioRecord } from '../../record/record.js';
import { formatBytes, formatRange, formatValue } from '../../units.js';
import { perByteInWords, sweepInWords } from '../text/sweep.js';
import { listed } from '../text/wording.js';
import type { Context } from './context.js';
import { firstOf } from './limits.js';
import { type Content, type Markup, markup, section, table } from './markup.js';

/** Growth split: what each upload leaves, and what each of its bytes leaves. */
export function sweepSection({ sweep, load }: ScenarioRecord, { limits }: Context): Markup | undefined {
  if (!sweep || sweep.length === 0) return undefined;
  const [shown, left] = firstOf(sweep, limits.rows, 'resources');
  const rows = shown.map(({ resource, perUpload, perByte, ...rest }): Content[] => {
    const { title, unit } = resources[resource];
    const perByteRange = `${perByteInWords(perByte.low, unit)} to ${perByteInWords(perByte.high, unit)}`;
    return [
      title,
      formatValue(perUpload.estimate, unit),
      formatRange(perUpload.low, perUpload.high, unit),
      perByteInWords(perByte.estimate, unit),
      perByteRange,
      sweepInWords({ resource, perUpload, perByte, ...rest }),
    ];
  });
  const sizes = firstOf(load.sizes ?? [], 20, 'sizes')[0].map(formatBytes);
  return section(
    'sizes',
    'Sizes',
    sizes.length > 0 && markup`<p>Files of ${listed(sizes)} were uploaded in turn.</p>\n`,
    table(
      'Growth by the size of the upload',
      [
        { title: 'resource' },
        { title: 'per upload', number: true },
        { title: 'interval', number: true },
        { title: 'per byte', number: true },
        { title: 'interval', number: true },
        { title: 'in words' },
      ],
      rows,
      true,
    ),
    left && markup`<p>${left}</p>`,
  );
}
