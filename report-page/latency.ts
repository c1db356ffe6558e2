import type uPlot from 'uplot';
import type { LatencyData } from '../src/reports/html/data.js';
import { formatWhole } from '../src/units.js';
import { canvasOf, label, line } from './marks.js';
import { plot } from './plot.js';
import { incrementsOf } from './ticks.js';

const dashes = { p50: [], p90: [6, 4], p99: [2, 3] };

/** Latency of each round: a line for each percentile, with its name at its end. */
export function latencyPlot(place: HTMLElement, { rounds }: LatencyData): void {
  const x = rounds.map(([, uploads]) => uploads);
  const lines = {
    p50: rounds.map(([, , p50]) => p50),
    p90: rounds.map(([, , , p90]) => p90),
    p99: rounds.map(([, , , , p99]) => p99),
  };
  const most = Math.max(1, ...lines.p99, ...lines.p90);
  const spots = rounds.map(([round, uploads, p50, p90, p99]) => ({
    x: uploads,
    y: p50,
    text: `p50 ${p50.toFixed(1)} ms, p90 ${p90.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\nround ${round}, ${formatWhole(uploads)} uploads`,
  }));
  const draw = (made: uPlot) => {
    const canvas = canvasOf(made);
    for (const name of ['p50', 'p90', 'p99'] as const) line(canvas, x, lines[name], name, dashes[name]);
    canvas.done();
    for (const name of ['p50', 'p90', 'p99'] as const) label(canvas, x.at(-1)!, lines[name].at(-1)!, name);
  };
  plot(place, {
    x: x[0] === 0 ? x : [0, ...x],
    range: [0, most * 1.08],
    increments: incrementsOf('count', most),
    ticks: values => values.map(value => `${formatWhole(value)} ms`),
    height: 200,
    right: 36,
    draw,
    spots,
  });
}
