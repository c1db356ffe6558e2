import flamegraph, { type FlameGraph, type Frame } from 'd3-flame-graph';
import { select } from 'd3-selection';
import type { FlameData, FlameNode } from '../src/reports/html/data.js';
import { formatValue } from '../src/units.js';
import { flameKeys } from './flame-keys.js';
import { reducedMotion } from './theme.js';

type Node = Frame<FlameNode>;

const cellHeight = 22;

/** A flame graph of growth, the root on top, with zoom, search and keys. */
export function flame(place: HTMLElement, { unit, measure, root }: FlameData): void {
  const graph = flamegraph<FlameNode>();
  const part = (sum: number) => `${((100 * sum) / root.v).toFixed(sum < root.v / 100 ? 1 : 0)}%`;
  const described = ({ data }: Node) =>
    `${data.n}${data.at ? `, ${data.at}` : ''}: ${formatValue(data.v, unit)} ${measure} (${part(data.v)})`;
  const details = aside(place, 'details');
  const found = aside(place, 'found');

  graph
    .inverted(true)
    .cellHeight(cellHeight)
    .height(cellHeight * depthOf(root))
    .transitionDuration(reducedMotion() ? 0 : 250)
    .getName(({ data }) => data.n)
    .setLabelHandler(described)
    .setColorMapper(frame => `var(--flame-${frame.highlight ? 'found' : (frame.data.is ?? 'frame')})`)
    .setSearchMatch(({ data }, term) =>
      `${data.n} ${data.at ?? ''}`.toLowerCase().includes(term.toLowerCase()),
    )
    .setSearchHandler(frames => {
      const sum = outermost(frames).reduce((total, { data }) => total + data.v, 0);
      found.textContent =
        frames.length === 0 ? 'Nothing found' : `${frames.length} found, ${part(sum)} of the total`;
    })
    .setDetailsHandler(text => {
      details.textContent = text ?? '';
    });

  tools(place, graph, found);
  const dress = flameKeys(place, graph, described, text => {
    details.textContent = text;
  });
  details.hidden = false;
  follow(place, graph, root, dress);
}

/** Draws as soon as its place has a width, and again when that changes. */
function follow(place: HTMLElement, graph: FlameGraph<FlameNode>, root: FlameNode, dress: () => void): void {
  let width = 0;
  const draw = () => {
    if (place.clientWidth === 0 || place.clientWidth === width) return;
    const first = width === 0;
    width = place.clientWidth;
    graph.width(width);
    if (first) graph(select<HTMLElement, FlameNode>(place).datum(root));
    else graph.update();
    const svg = place.querySelector('svg')!;
    svg.setAttribute('viewBox', `0 0 ${width} ${svg.getAttribute('height')}`);
    dress();
  };
  draw();
  new ResizeObserver(draw).observe(place);
}

function tools(place: HTMLElement, graph: FlameGraph<FlameNode>, found: HTMLElement): void {
  const search = aside(place, 'search') as HTMLInputElement;
  search.closest<HTMLElement>('.tools')!.hidden = false;
  search.addEventListener('input', () => {
    const term = search.value.trim();
    if (term) return graph.search(term);
    graph.clear();
    found.textContent = '';
  });
  aside(place, 'reset').addEventListener('click', () => graph.resetZoom());
}

/** What belongs to a flame graph and stands beside it. */
function aside(place: HTMLElement, name: string): HTMLElement {
  return place.parentElement!.querySelector<HTMLElement>(`[data-${name}="${place.dataset.flame}"]`)!;
}

function depthOf({ c }: FlameNode): number {
  return 1 + Math.max(0, ...(c ?? []).map(depthOf));
}

/** Those that none of the others called: a caller's value holds its callees'. */
function outermost(frames: Node[]): Node[] {
  const all = new Set(frames);
  const isCalledByOne = ({ parent }: Node): boolean =>
    parent !== null && (all.has(parent) || isCalledByOne(parent));
  return frames.filter(frame => !isCalledByOne(frame));
}
