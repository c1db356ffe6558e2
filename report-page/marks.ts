import uPlot from 'uplot';
import { colour } from './theme.js';

/** The area of a plot, clipped, with positions in canvas pixels. */
export interface Canvas {
  context: CanvasRenderingContext2D;
  /** Between the axes, in canvas pixels. */
  area: uPlot.BBox;
  /** Canvas pixels in a CSS pixel. */
  ratio: number;
  x: (value: number) => number;
  y: (value: number) => number;
  /** Ends the clipping. */
  done: () => void;
}

export function canvasOf(plot: uPlot): Canvas {
  const { ctx: context, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const margin = 6 * ratio;
  context.save();
  context.beginPath();
  context.rect(bbox.left - margin, bbox.top - margin, bbox.width + 2 * margin, bbox.height + 2 * margin);
  context.clip();
  return {
    context,
    area: bbox,
    ratio,
    x: value => plot.valToPos(value, 'x', true),
    y: value => plot.valToPos(value, 'y', true),
    done: () => context.restore(),
  };
}

/** A round of uploads. */
export function dot({ context, ratio, x, y }: Canvas, atX: number, atY: number): void {
  context.fillStyle = colour('mark');
  context.beginPath();
  context.arc(x(atX), y(atY), 3.5 * ratio, 0, 2 * Math.PI);
  context.fill();
}

/** Before and during warm-up: shown, not judged. */
export function ring({ context, ratio, x, y }: Canvas, atX: number, atY: number): void {
  context.strokeStyle = colour('mark');
  context.fillStyle = colour('paper');
  context.lineWidth = 1.25 * ratio;
  context.beginPath();
  context.arc(x(atX), y(atY), 3 * ratio, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

/** A round without uploads. */
export function cross({ context, ratio, x, y }: Canvas, atX: number, atY: number): void {
  const [left, top, arm] = [x(atX), y(atY), 4.5 * ratio];
  context.strokeStyle = colour('mark');
  context.lineWidth = 1.25 * ratio;
  context.beginPath();
  context.moveTo(left - arm, top - arm);
  context.lineTo(left + arm, top + arm);
  context.moveTo(left + arm, top - arm);
  context.lineTo(left - arm, top + arm);
  context.stroke();
}

/** Points joined, in a colour by its name and a dash in CSS pixels. */
export function line(canvas: Canvas, xs: number[], ys: number[], name: string, dash: number[]): void {
  const { context, ratio, x, y } = canvas;
  context.strokeStyle = colour(name);
  context.lineWidth = 1.75 * ratio;
  context.setLineDash(dash.map(length => length * ratio));
  context.beginPath();
  xs.forEach((at, i) => {
    context.lineTo(x(at), y(ys[i]!));
  });
  context.stroke();
  context.setLineDash([]);
}

/** The area between two lines, as far as the axes go. */
export function strip({ context, area, x, y }: Canvas, xs: number[], low: number[], high: number[]): void {
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.width, area.height);
  context.clip();
  context.fillStyle = colour('band');
  context.beginPath();
  xs.forEach((at, i) => {
    context.lineTo(x(at), y(low[i]!));
  });
  [...xs.keys()].reverse().forEach(i => {
    context.lineTo(x(xs[i]!), y(high[i]!));
  });
  context.fill();
  context.restore();
}

/** A word behind a point. */
export function label({ context, ratio, x, y }: Canvas, atX: number, atY: number, text: string): void {
  context.save();
  context.fillStyle = colour('text');
  context.font = `${12 * ratio}px system-ui, sans-serif`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, x(atX) + 6 * ratio, y(atY));
  context.restore();
}
