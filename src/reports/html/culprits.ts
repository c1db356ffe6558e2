import { type ResourceName, resources } from '../../probes/resources.js';
import type { Frame } from '../../profiles/frame.js';
import type { Culprit, ScenarioRecord } from '../../record/record.js';
import { formatWhole } from '../../units.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import {
  culpritInWords,
  frameInWords,
  placeInWords,
  shareInWords,
  shownCulprits,
  unexplainedInWords,
  untracedInWords,
} from '../text/culprits.js';
import type { Context } from './context.js';
import { flameFigure } from './flame.js';
import { isDeep } from './flame-data.js';
import { isKnown } from './known.js';
import { firstOf } from './limits.js';
import { type Content, folded, Markup, markup, table } from './markup.js';

/** What grows, and where in the code it comes from: a table and a flame graph for each resource. */
export function culpritParts(record: ScenarioRecord, page: Context): Content {
  const lead = new Set(shownCulprits(record).map(({ resource }) => resource));
  const others = new Set(record.culprits.map(({ resource }) => resource).filter(each => !lead.has(each)));
  const notes = [unexplainedInWords(record), untracedInWords(record)].filter(note => note !== undefined);
  return [
    [...lead].map(resource => [
      markup`<h3>${capital(resources[resource].title)}</h3>\n`,
      culpritsOf(resource, record, page),
    ]),
    notes.map(note => markup`<p>${capital(note)}.</p>\n`),
    [...others].map(resource =>
      folded(`Culprits by ${resources[resource].title}`, culpritsOf(resource, record, page)),
    ),
  ];
}

function culpritsOf(resource: ResourceName, { culprits, explained }: ScenarioRecord, page: Context): Content {
  const all = culprits.filter(each => each.resource === resource);
  const [shown, left] = firstOf(all, page.limits.rows, 'culprits');
  const unexplained = explained.find(each => each.resource === resource)?.unexplained ?? 0;
  return [
    culpritTable(resource, shown, page),
    left && markup`<p>${left}</p>\n`,
    isDeep(all) && growthFlame(resource, all, unexplained, page),
  ];
}

function culpritTable(resource: ResourceName, shown: Culprit[], page: Context): Markup {
  const { title, unit } = resources[resource];
  const rows = shown.map((culprit): Content[] => [
    siteCell(culprit, page),
    isKnown(culprit) ? estimateOf({ ...culprit, unit }) : 'unknown',
    isKnown(culprit) ? intervalOf({ ...culprit, unit }) : 'unknown',
    shareCell(culprit.share),
    culprit.source,
  ]);
  return table(
    `Culprits: where the growth of ${title} comes from`,
    [
      { title: 'site' },
      { title: 'per upload', number: true },
      { title: 'interval', number: true },
      { title: 'share of growth', number: true },
      { title: 'read by' },
    ],
    rows,
    true,
  );
}

function growthFlame(resource: ResourceName, all: Culprit[], unexplained: number, page: Context): Content {
  const { title, unit } = resources[resource];
  const [shown, left] = firstOf(all, 4 * page.limits.rows, 'culprits');
  const stacks = shown.map(({ stack, site, perUpload }) => ({ stack, site, value: perUpload.estimate }));
  return flameFigure(
    {
      kind: 'growth',
      title: `Growth of ${title} by call stack`,
      name: title,
      unit,
      measure: 'per upload',
      note: left,
    },
    { stacks, rest: unexplained },
    page,
  );
}

/** The site by its name, what else is known of it, and its stack. */
function siteCell(culprit: Culprit, page: Context): Markup {
  const name = frameInWords(culprit.site);
  const more = culpritInWords(culprit).slice(name.length + ', '.length);
  return markup`<code>${name}</code>${more && markup`<small class="more">${more}</small>`}${stackOf(culprit.stack, page)}`;
}

/** The stack of a site, the leaf first, unfolded on demand; nothing if it is the site alone. */
export function stackOf(stack: readonly Frame[], { limits }: Context): Content {
  if (stack.length < 2) return undefined;
  const [frames, left] = firstOf(stack, limits.frames, 'frames');
  return markup`<details><summary>stack of ${formatWhole(stack.length)}</summary><ol class="stack">${frames.map(
    frame =>
      markup`<li><code>${frame.function}</code> <code class="place">${placeInWords(frame)}</code></li>`,
  )}</ol>${left && markup`<small>${left}</small>`}</details>`;
}

/** A share of 0 to 1 as a number and as a bar. */
export function shareCell(share: number): Content {
  if (!Number.isFinite(share)) return 'unknown';
  const width = Math.round(48 * Math.min(1, Math.max(0, share)));
  const bar = new Markup(
    `<svg class="bar" width="48" height="8" aria-hidden="true"><rect class="whole" width="48" height="8"/><rect width="${width}" height="8"/></svg>`,
  );
  return markup`${shareInWords(share)} ${bar}`;
}

function capital(words: string): string {
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
}
