import uPlot from 'uplot';
import { hover, type Spot } from './hover.js';
import { onPrint, paperWidth } from './print.js';
import { colour, onThemeChange } from './theme.js';

export interface PlotOptions {
  /** Uploads, ascending; at least two different ones. */
  x: number[];
  range: [number, number];
  /** Distances between ticks of the value's axis that may be chosen from. */
  increments: number[];
  ticks: (values: number[]) => string[];
  /** Pixels of the plot and its axes. */
  height: number;
  /** Room for what is written behind the last upload. */
  right?: number;
  draw: (plot: uPlot) => void;
  spots: Spot[];
}

const wholeSteps = [1, 2, 5]
  .flatMap(digit => Array.from({ length: 12 }, (_, i) => digit * 10 ** i))
  .sort((a, b) => a - b);

/** Axes, scales and a canvas; what stands in it is drawn by `draw`. Follows its place's width and the page's theme. */
export function plot(place: HTMLElement, options: PlotOptions): void {
  let made: uPlot | undefined;
  let printing = false;
  const width = () => (printing ? paperWidth : place.clientWidth);

  const resize = () => {
    if (width() === 0) return;
    if (made) made.setSize({ width: width(), height: options.height });
    else {
      made = new uPlot(settings(width(), options), [options.x, options.x.map(() => null)], place);
      hover(place, made, options.spots);
    }
  };
  resize();
  new ResizeObserver(() => printing || resize()).observe(place);
  onThemeChange(() => made?.redraw(false));
  onPrint(on => {
    printing = on;
    resize();
    made?.redraw(false);
  });
}

function settings(
  width: number,
  { range, increments, ticks, height, right, draw }: PlotOptions,
): uPlot.Options {
  const axis = {
    stroke: () => colour('faint'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [8, right ?? 28, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: [range[0], range[1] + (range[1] - range[0]) / 24] } },
    series: [{}, { paths: () => null, points: { show: false } }],
    axes: [
      {
        ...axis,
        size: 28,
        space: 56,
        incrs: wholeSteps,
        values: (_, values) =>
          values.map(
            (value, i) => `${value.toLocaleString('en-US')}${i === 0 && value === 0 ? ' uploads' : ''}`,
          ),
      },
      {
        ...axis,
        size: 64,
        space: 36,
        gap: 6,
        incrs: increments,
        values: (_, values) => ticks(values),
      },
    ],
    hooks: { draw: [draw] },
  };
}
