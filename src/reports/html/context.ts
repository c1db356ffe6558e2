import type { ChartData, FlameData, LatencyData, PageData } from './data.js';
import type { PageLimits } from './limits.js';

/**
 * What the parts of a page share while it is written: how much they may show, and what the script will draw.
 */
export interface Context {
  limits: PageLimits;
  data: PageData;
}

export function newContext(limits: PageLimits): Context {
  return { limits, data: { charts: [], latencies: [], flames: [] } };
}

/** Each stores what is to be drawn and returns its index in the page's data. */
export const keepChart = ({ data }: Context, chart: ChartData) => data.charts.push(chart) - 1;
export const keepLatency = ({ data }: Context, latency: LatencyData) => data.latencies.push(latency) - 1;
export const keepFlame = ({ data }: Context, flame: FlameData) => data.flames.push(flame) - 1;
