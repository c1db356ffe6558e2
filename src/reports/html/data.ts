import type { RoundKind } from '../../load/round.js';
import type { Unit } from '../../units.js';

/** What the page's script draws: numbers and names only, made from a record before the page is written. */
export interface PageData {
  charts: ChartData[];
  latencies: LatencyData[];
  flames: FlameData[];
}

export const roundKinds = [
  'start',
  'warm-up',
  'upload',
  'blank',
  'rest',
  'snapshot',
] as const satisfies readonly RoundKind[];

/** A resource against the uploads completed. */
export interface ChartData {
  unit: Unit;
  /**
   * The number of the reading, uploads completed, value, kind of round (its place in `roundKinds`), seconds.
   */
  points: [reading: number, uploads: number, value: number, kind: number, seconds: number][];
  /** The lowest and the highest value shown. */
  range: [number, number];
  /**
   * The fitted line from x0 to x1, and the band of its slope's interval about the middle of what was judged.
   */
  line?: { x: number[]; y: number[]; low: number[]; high: number[] };
}

/** Latency per round in milliseconds. */
export interface LatencyData {
  /** The number of the round, uploads completed after it, p50, p90, p99. */
  rounds: [round: number, uploads: number, p50: number, p90: number, p99: number][];
}

/** A flame graph: what each function's callees add to growth. */
export interface FlameData {
  unit: Unit;
  /** What a value is: `per upload`, `allocated per upload`. */
  measure: string;
  root: FlameNode;
}

/** In the form that d3-flame-graph reads. */
export interface FlameNode {
  /** The function, or what a class or a kind of file is called. */
  n: string;
  /** `file:line` */
  at?: string;
  /** In the resource's unit, callees included. */
  v: number;
  /** `site`: the culprit itself; `rest`: growth that no culprit accounts for. */
  is?: 'site' | 'rest';
  c?: FlameNode[];
}
