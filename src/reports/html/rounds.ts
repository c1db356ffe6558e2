import { resources } from '../../probes/resources.js';
import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { formatBytes, formatReading, formatSeconds, formatWhole } from '../../units.js';
import type { SeriesPoint } from '../../verdict/series.js';
import { latencyData } from './chart-data.js';
import { type Context, keepLatency } from './context.js';
import { latencyLegend } from './legend.js';
import { thinned } from './limits.js';
import { type Content, folded, type Markup, markup, section, table } from './markup.js';

/** How fast the target answered, round by round. */
export function latencySection({ rounds, load }: ScenarioRecord, page: Context): Markup | undefined {
  const data = latencyData(rounds, page.limits.points);
  if (!data) return undefined;
  const { p50, p90, p99, max } = load.latencyMs;
  const all = `p50 ${ms(p50)}, p90 ${ms(p90)}, p99 ${ms(p99)}, max ${ms(max)}`;
  return section(
    'latency',
    'Latency',
    latencyLegend,
    markup`<figure class="chart wide">
<figcaption><b>Latency of each round</b> <span>overall: ${all}</span></figcaption>
<div class="plot" data-latency="${keepLatency(page, data)}" role="img" tabindex="0" aria-label="Latency of each round against uploads; overall ${all}. Arrow keys go from round to round."></div>
</figure>
`,
  );
}

/** Every round and every reading in numbers: what the charts are drawn from. */
export function roundTables(record: ScenarioRecord, page: Context): Content {
  return [readingTable(record, page), roundTable(record, page)];
}

function readingTable({ resources: all }: ScenarioRecord, { limits }: Context): Content {
  const moved = all.filter(({ reason }) => reason !== 'constant').slice(0, limits.rows);
  const moments = new Map<number, { point: SeriesPoint; values: Map<ResourceRecord, number> }>();
  for (const resource of moved) {
    for (const point of resource.points) {
      const moment = moments.get(point.seconds) ?? { point, values: new Map() };
      moments.set(point.seconds, moment);
      moment.values.set(resource, point.value);
    }
  }
  const readings = [...moments.values()].sort((a, b) => a.point.seconds - b.point.seconds);
  if (readings.length === 0) return undefined;
  const shown = thinned(readings, limits.points / 2);
  const rows = shown.map(({ point, values }): Content[] => [
    formatWhole(point.uploads),
    point.round,
    formatSeconds(point.seconds),
    ...moved.map(resource => {
      const value = values.get(resource);
      return value === undefined ? 'not read' : formatReading(value, resource.unit);
    }),
  ]);
  return folded(
    `All readings${part(shown, readings)}`,
    table(
      'Readings after each round',
      [
        { title: 'uploads', number: true },
        { title: 'round' },
        { title: 'time', number: true },
        ...moved.map(({ name }) => ({ title: resources[name].title, number: true })),
      ],
      rows,
    ),
  );
}

function roundTable({ rounds }: ScenarioRecord, { limits }: Context): Content {
  if (rounds.length === 0) return undefined;
  const shown = thinned([...rounds.entries()], limits.points / 2);
  const sized = rounds.some(({ size }) => size !== undefined);
  const rows = shown.map(([i, round]): Content[] => [
    i,
    round.kind,
    ...(sized ? [round.size === undefined ? '' : formatBytes(round.size)] : []),
    formatWhole(round.completed),
    formatWhole(round.failed),
    formatSeconds(round.seconds),
    formatSeconds(round.readingSeconds),
    ...(['p50', 'p90', 'p99', 'max'] as const).map(each =>
      round.latencyMs ? ms(round.latencyMs[each]) : '',
    ),
  ]);
  const number = true;
  return folded(
    `All rounds${part(shown, rounds)}`,
    table(
      'Every round',
      [
        { title: 'round', number },
        { title: 'kind' },
        ...(sized ? [{ title: 'size', number }] : []),
        { title: 'uploads', number },
        { title: 'failed', number },
        { title: 'time', number },
        { title: 'reading', number },
        ...['p50', 'p90', 'p99', 'max'].map(title => ({ title, number })),
      ],
      rows,
    ),
  );
}

function part(shown: readonly unknown[], all: readonly unknown[]): string {
  return shown.length < all.length ? ` (${formatWhole(shown.length)} of ${formatWhole(all.length)})` : '';
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
