declare module 'd3-flame-graph' {
  import type { Selection } from 'd3-selection';

  /** A frame as d3-hierarchy lays it out: x0 and x1 are shares of the whole width. */
  export interface Frame<Data> {
    data: Data & { hide?: boolean; fade?: boolean };
    id: number;
    depth: number;
    x0: number;
    x1: number;
    parent: Frame<Data> | null;
    children?: Frame<Data>[];
    highlight?: boolean;
  }

  /** The part of the chart that the page uses. */
  export interface FlameGraph<Data> {
    (selection: Selection<HTMLElement, Data, null, undefined>): void;
    width(pixels: number): FlameGraph<Data>;
    height(pixels: number): FlameGraph<Data>;
    cellHeight(pixels: number): FlameGraph<Data>;
    inverted(yes: boolean): FlameGraph<Data>;
    transitionDuration(ms: number): FlameGraph<Data>;
    getName(name: (frame: Frame<Data>) => string): FlameGraph<Data>;
    setLabelHandler(label: (frame: Frame<Data>) => string): FlameGraph<Data>;
    setColorMapper(colour: (frame: Frame<Data>, given: string) => string): FlameGraph<Data>;
    setSearchMatch(matches: (frame: Frame<Data>, term: string) => boolean): FlameGraph<Data>;
    setSearchHandler(handler: (found: Frame<Data>[], sum: number, total: number) => void): FlameGraph<Data>;
    setDetailsHandler(handler: (label: string | null) => void): FlameGraph<Data>;
    onClick(handler: (frame: Frame<Data>) => void): FlameGraph<Data>;
    search(term: string): void;
    clear(): void;
    resetZoom(): void;
    zoomTo(frame: Frame<Data>): void;
    update(): void;
  }

  export default function flamegraph<Data>(): FlameGraph<Data>;
}
