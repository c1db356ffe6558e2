import { resources } from '../../probes/resources.js';
import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { formatReading, formatValue, formatWhole } from '../../units.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import { byMovement } from '../text/movement.js';
import { wordRows } from '../text/rows.js';
import { listed } from '../text/wording.js';
import { chartData } from './chart-data.js';
import { type Context, keepChart } from './context.js';
import { isKnown } from './known.js';
import { chartLegend } from './legend.js';
import { firstOf } from './limits.js';
import { type Content, type Markup, markup, table } from './markup.js';
import { verdictBadge } from './verdict.js';

/** A chart for each resource that changed, the leading one first; the others are named. */
export function resourceCharts(
  record: ScenarioRecord,
  lead: ResourceRecord | undefined,
  page: Context,
): Content {
  const { moved, still } = byMovement(record.resources);
  const ordered = [...moved.filter(each => each === lead), ...moved.filter(each => each !== lead)];
  const [shown, left] = firstOf(ordered, page.limits.rows, 'resources');
  const figures = shown.flatMap(each => chartFigure(each, page) ?? []);
  return [
    figures.length > 0 && markup`${chartLegend}<div class="charts">\n${figures}</div>\n`,
    left && markup`<p>${left}</p>`,
    still.map(
      ({ title, resources: all }) =>
        markup`<p class="still"><b>${title}:</b> ${listed(all.map(stillInWords))}.</p>\n`,
    ),
  ];
}

function stillInWords({ name, unit, points }: ResourceRecord): string {
  const value = points.at(-1)?.value;
  const { title } = resources[name];
  return value === undefined || !Number.isFinite(value) ? title : `${title} (${formatReading(value, unit)})`;
}

function chartFigure(resource: ResourceRecord, page: Context): Markup | undefined {
  const data = chartData(resource, page.limits.points);
  if (!data) return undefined;
  const { title } = resources[resource.name];
  const cut =
    data.points.length < resource.points.length &&
    markup`<p class="note">${formatWhole(data.points.length)} of ${formatWhole(resource.points.length)} readings are drawn.</p>`;
  const last = data.points.at(-1)!;
  const spoken =
    `${title} against uploads: ${estimateOf(resource)} per upload (${intervalOf(resource)}), ${resource.verdict}; ` +
    `${formatReading(data.points[0]![2], data.unit)} at first, ${formatReading(last[2], data.unit)} after ${formatWhole(last[1])} uploads. ` +
    'Arrow keys go from reading to reading.';
  return markup`<figure class="chart">
<figcaption><b>${title}</b> ${verdictBadge(resource.verdict)} <span>${growthOf(resource)}</span></figcaption>
<div class="plot" data-chart="${keepChart(page, data)}" role="img" tabindex="0" aria-label="${spoken}"></div>
${cut}</figure>
`;
}

function growthOf(resource: ResourceRecord): Content {
  return isKnown(resource)
    ? markup`${estimateOf(resource)} per upload <small>${intervalOf(resource)}</small>`
    : 'growth unknown';
}

/** Every resource's verdict and what it rests on. */
export function resourceTable(record: ScenarioRecord, { limits }: Context): Content {
  const [shown, left] = firstOf(wordRows(record), limits.rows, 'resources');
  const rows = shown.map(({ resource, long }): Content[] => [
    resources[resource.name].title,
    isKnown(resource) ? estimateOf(resource) : 'unknown',
    isKnown(resource) ? intervalOf(resource) : 'unknown',
    verdictBadge(resource.verdict),
    markup`${long}${!resource.decisive && markup` <small>(not decisive)</small>`}`,
    Number.isFinite(resource.margin) ? formatValue(resource.margin, resource.unit) : 'unknown',
    resource.source,
  ]);
  return [
    table(
      'Growth per upload of every resource',
      [
        { title: 'resource' },
        { title: 'per upload', number: true },
        { title: 'interval', number: true },
        { title: 'verdict' },
        { title: 'why' },
        { title: 'margin', number: true },
        { title: 'read by' },
      ],
      rows,
      true,
    ),
    left && markup`<p>${left}</p>`,
  ];
}
