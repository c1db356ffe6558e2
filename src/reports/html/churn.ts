import type { Frame } from '../../profiles/frame.js';
import type { ScenarioRecord } from '../../record/record.js';
import { formatBytes } from '../../units.js';
import { calleeOf, frameInWords } from '../text/culprits.js';
import type { Context } from './context.js';
import { shareCell, stackOf } from './culprits.js';
import { flameFigure } from './flame.js';
import { isDeep } from './flame-data.js';
import { firstOf } from './limits.js';
import { type Content, folded, markup, table } from './markup.js';

/** Where bytes are allocated that are freed again: kept apart, because none of it is the leak. */
export function churnSites({ churn }: ScenarioRecord, page: Context): Content {
  const sites = churn?.sites ?? [];
  if (sites.length === 0) return undefined;
  const [shown, left] = firstOf(sites, page.limits.rows, 'sites');
  const rows = shown.map(({ site, stack, perUpload, share }): Content[] => [
    siteCell(site, stack, page),
    Number.isFinite(perUpload) ? formatBytes(perUpload) : 'unknown',
    shareCell(share),
  ]);
  const stacks = firstOf(sites, 4 * page.limits.rows, '')[0].map(({ stack, site, perUpload }) => ({
    stack,
    site,
    value: perUpload,
  }));
  const described = {
    kind: 'churn' as const,
    title: 'Churn by call stack',
    name: 'allocated and freed again',
    unit: 'bytes' as const,
    measure: 'allocated per upload',
  };
  return folded(
    'Where the churn comes from (allocated and freed again: not the leak)',
    table(
      'Allocation sites: bytes allocated per upload and freed again',
      [{ title: 'site' }, { title: 'per upload', number: true }, { title: 'share of churn', number: true }],
      rows,
      true,
    ),
    left && markup`<p>${left}</p>\n`,
    isDeep(sites) && flameFigure(described, { stacks, rest: 0 }, page),
  );
}

/** The site by its name, what it called to allocate, and its stack. */
function siteCell(site: Frame, stack: readonly Frame[], page: Context): Content {
  const callee = calleeOf(site, stack);
  const more = callee && markup`<small class="more">in ${frameInWords(callee)}</small>`;
  return markup`<code>${frameInWords(site)}</code>${more}${stackOf(stack, page)}`;
}
