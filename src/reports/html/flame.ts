import type { Unit } from '../../units.js';
import { formatValue } from '../../units.js';
import { type Context, keepFlame } from './context.js';
import { type Flaming, flameOf } from './flame-data.js';
import { type Markup, markup } from './markup.js';

interface Described {
  /** What it shows; the two kinds look different. */
  kind: 'growth' | 'churn';
  title: string;
  /** The name of the outermost frame. */
  name: string;
  unit: Unit;
  measure: string;
  /** A note about what is left out. */
  note?: string;
}

/** The element in which the script draws a flame graph, with its search. */
export function flameFigure(
  { kind, title, name, unit, measure, note }: Described,
  { stacks, rest }: { stacks: readonly Flaming[]; rest: number },
  page: Context,
): Markup | undefined {
  const root = flameOf(name, stacks, rest, page.limits.frames);
  if (!(root.v > 0) || !Number.isFinite(root.v)) return undefined;
  const place = keepFlame(page, { unit, measure, root });
  const spoken = `${title}, ${formatValue(root.v, unit)} ${measure}. Arrow keys go from frame to frame, Enter zooms, Escape zooms out.`;
  return markup`<figure class="flame ${kind}">
<figcaption><b>${title}</b> <span>${formatValue(root.v, unit)} ${measure}; callers above, callees below</span></figcaption>
<div class="tools" hidden>
<label>Search <input type="search" data-search="${place}" placeholder="function or file"></label>
<button type="button" data-reset="${place}">Reset zoom</button>
<span role="status" data-found="${place}"></span>
</div>
<div class="flame-graph" data-flame="${place}" role="tree" aria-label="${spoken}"></div>
<p class="details" data-details="${place}" hidden></p>
${note && markup`<p class="note">${note}</p>\n`}</figure>
`;
}
