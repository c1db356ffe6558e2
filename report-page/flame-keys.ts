import type { FlameGraph, Frame } from 'd3-flame-graph';
import { select } from 'd3-selection';
import type { FlameNode } from '../src/reports/html/data.js';

type Node = Frame<FlameNode>;

/**
 * Makes a flame graph a tree that the arrow keys walk: down to the callee, up to the caller, left and right between
 * those beside it; Enter zooms, Escape zooms out. One frame at a time is in the order of tabs.
 * Source: WAI-ARIA Authoring Practices, tree view. Answers with what is to be called when frames have been drawn.
 */
export function flameKeys(
  place: HTMLElement,
  graph: FlameGraph<FlameNode>,
  described: (frame: Node) => string,
  tell: (text: string) => void,
): () => void {
  let current = 0;
  const frames = () => select(place).selectAll<SVGGElement, Node>('g.frame');

  const dress = () => {
    frames()
      .attr('role', 'treeitem')
      .attr('aria-level', frame => frame.depth + 1)
      .attr('aria-label', described)
      .attr('aria-hidden', frame => (isShown(frame) ? null : 'true'))
      .attr('tabindex', frame => (frame.id === current ? 0 : -1));
  };

  const go = (to: Node | null | undefined) => {
    if (!to || !isShown(to)) return;
    current = to.id;
    dress();
    frames()
      .filter(({ id }) => id === to.id)
      .node()
      ?.focus();
    tell(described(to));
  };

  const keys: Record<string, (frame: Node) => void> = {
    ArrowDown: frame => go(frame.children?.filter(isShown).sort((a, b) => a.x0 - b.x0)[0]),
    ArrowUp: frame => go(frame.parent),
    ArrowRight: frame => go(beside(frame, 1)),
    ArrowLeft: frame => go(beside(frame, -1)),
    Enter: frame => graph.zoomTo(frame),
    ' ': frame => graph.zoomTo(frame),
    Escape: () => graph.resetZoom(),
  };
  place.addEventListener('keydown', event => {
    const frame = event.target instanceof SVGGElement && select<SVGGElement, Node>(event.target).datum();
    const key = keys[event.key];
    if (!frame || !key) return;
    event.preventDefault();
    key(frame);
  });
  graph.onClick(frame => {
    current = frame.id;
    dress();
  });
  return dress;
}

function isShown({ x0, x1 }: Node): boolean {
  return x1 > x0;
}

/** The next frame to one side at the same depth, whoever called it. */
function beside(frame: Node, side: 1 | -1): Node | undefined {
  let root = frame;
  while (root.parent) root = root.parent;
  const level: Node[] = [];
  const walk = (node: Node) => {
    if (node.depth === frame.depth) level.push(node);
    else node.children?.forEach(walk);
  };
  walk(root);
  const shown = level.filter(isShown).sort((a, b) => a.x0 - b.x0);
  return shown[shown.indexOf(frame) + side];
}
