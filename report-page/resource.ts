import type uPlot from 'uplot';
import { type ChartData, roundKinds } from '../src/reports/html/data.js';
import { formatReading, formatSeconds, formatWhole } from '../src/units.js';
import { canvasOf, cross, dot, line, ring, strip } from './marks.js';
import { plot } from './plot.js';
import { incrementsOf, ticksOf } from './ticks.js';

const afterRound: Record<(typeof roundKinds)[number], string> = {
  start: 'before any upload',
  'warm-up': 'warm-up',
  upload: 'uploads',
  blank: 'no uploads',
  rest: 'no uploads: the rest before a leak is called',
  snapshot: 'heap snapshot',
};

const marks = { upload: dot, blank: cross, rest: cross, start: ring, 'warm-up': ring, snapshot: ring };

/** A resource against uploads: readings by the kind of their round, the fitted line and its band. */
export function resourcePlot(place: HTMLElement, { unit, points, range, line: fit }: ChartData): void {
  const uploads = points.map(([, x]) => x);
  const spots = points.map(([reading, x, y, kind, seconds]) => ({
    x,
    y,
    text: `${formatReading(y, unit)} after ${formatWhole(x)} uploads\nround ${reading}: ${afterRound[roundKinds[kind]!]}, at ${formatSeconds(seconds)}`,
  }));
  const draw = (made: uPlot) => {
    const canvas = canvasOf(made);
    if (fit) {
      strip(canvas, fit.x, fit.low, fit.high);
      line(canvas, fit.x, fit.y, 'fit', []);
    }
    // Rounds without uploads stand behind those that they come after, their arms in sight.
    for (const [, x, y, kind] of [...points].sort((a, b) => b[3] - a[3])) {
      const mark = marks[roundKinds[kind]!];
      mark(canvas, x, y);
    }
    canvas.done();
  };
  plot(place, {
    x: [...new Set([0, ...uploads])].sort((a, b) => a - b),
    range,
    increments: incrementsOf(unit, range[1]),
    ticks: values => ticksOf(values, unit, range[1]),
    height: place.closest('.charts')?.firstElementChild === place.parentElement ? 280 : 190,
    draw,
    spots,
  });
}
