import type { EdgeType, NodeType, Snapshot } from './heap-graph.js';

/**
 * The cost of a step by the kind of its edge: paths that a developer can follow in the source are the
 * cheapest.
 */
const edgeCosts: Record<EdgeType, number> = {
  property: 1,
  element: 1,
  context: 1,
  shortcut: 2,
  internal: 2,
  hidden: 6,
  weak: 0,
};
/** The extra cost of a step to V8's own bookkeeping: it refers to nearly everything, and explains nothing. */
const nodeCosts: Partial<Record<NodeType, number>> = {
  hidden: 10,
  code: 10,
  'object shape': 10,
  synthetic: 10,
  native: 4,
};
/** Properties that lead from an object to what its whole class shares. */
const commonNames = ['__proto__', 'constructor', 'prototype'];
const commonCost = 6;
/** Roots that hold something only while native code runs. */
const passingRoots = ['(Stack roots)', '(Handle scope)', '(Relocatable)'];
const passingCost = 40;
/** More than the cost of any step. */
const buckets = 64;

const none = 2 ** 32 - 1;

/** For each node, its place on the cheapest path from the root. */
export interface Paths {
  /** The node before it, and the edge from there; `none` for the root and for unreachable nodes. */
  from: Uint32Array;
  edge: Uint32Array;
}

/** On a longer path, such as to the end of a linked list, this many edges at either end are enough. */
const longestEnd = 200;

/** The edges from the root to a node, the root's first; undefined if it is not reachable. */
export function edgesTo({ from, edge }: Paths, node: number): number[] | undefined {
  const edges: number[] = [];
  for (let at = node; at !== 0; at = from[at]!) {
    if (from[at] === none) return undefined;
    edges.push(edge[at]!);
  }
  if (edges.length > 2 * longestEnd) edges.splice(longestEnd, edges.length - 2 * longestEnd);
  return edges.reverse();
}

/**
 * The cheapest paths from the root to everything, along edges that keep objects alive: no weak edges, and the
 * values of a WeakMap from their keys, not from its table. Dial's algorithm (Dijkstra's with buckets, CACM
 * 12, 1969).
 */
export function shortestPaths(snapshot: Snapshot): Paths {
  const { nodes, firstEdge, edgeType, edgeTo } = snapshot;
  const from = new Uint32Array(nodes).fill(none);
  const edge = new Uint32Array(nodes);
  const distance = new Uint32Array(nodes).fill(none);
  const costOf = costs(snapshot);
  const open: number[][] = Array.from({ length: buckets }, () => []);
  distance[0] = 0;
  open[0]!.push(0);
  for (let cost = 0, idle = 0; idle < buckets; cost += 1, idle += 1) {
    const bucket = open[cost % buckets]!;
    while (bucket.length > 0) {
      idle = 0;
      const node = bucket.pop()!;
      if (distance[node] !== cost) continue;
      for (let each = firstEdge[node]!; each < firstEdge[node + 1]!; each += 1) {
        const to = edgeTo[each]!;
        const step = costOf(node, each, edgeType[each]!);
        if (step === 0 || cost + step >= distance[to]!) continue;
        distance[to] = cost + step;
        from[to] = node;
        edge[to] = each;
        open[(cost + step) % buckets]!.push(to);
      }
    }
  }
  return { from, edge };
}

/** The cost of a step along an edge; 0 for one that keeps nothing alive. */
function costs(snapshot: Snapshot): (from: number, edge: number, edgeType: number) => number {
  const { type, id, edgeTo, edgeName, edgeTypes, nodeTypes, strings } = snapshot;
  const byEdge = edgeTypes.map(name => edgeCosts[name as EdgeType] ?? 6);
  const byNode = nodeTypes.map(name => nodeCosts[name as NodeType] ?? 0);
  const common = new Set(strings.indicesOf(...commonNames).values());
  const passing = new Set(strings.indicesOf(...passingRoots).values());
  const synthetic = nodeTypes.indexOf('synthetic');
  const internal = edgeTypes.indexOf('internal');
  const property = edgeTypes.indexOf('property');
  const weakMaps = new Map<number, number>();
  return (from, edge, edgeType) => {
    const cost = byEdge[edgeType]!;
    if (cost === 0) return 0;
    const name = edgeName[edge]!;
    if (edgeType === property && common.has(name)) return cost + commonCost;
    if (edgeType === internal) {
      let table = weakMaps.get(name);
      if (table === undefined) {
        table = strings.lengthAt(name) < shortestWeakMapName ? 0 : weakMapOf(strings.at(name));
        weakMaps.set(name, table);
      }
      if (table === id[from]) return 0;
    }
    const to = edgeTo[edge]!;
    const kind = type[to]!;
    if (kind === synthetic && passing.has(snapshot.name[to]!)) return passingCost;
    return cost + byNode[kind]!;
  };
}

/** Most internal names are short, as are the indices of an array. */
const shortestWeakMapName = 40;

/**
 * The id of the table in `2 / part of key (Object @1) -> value (Object @3) pair in WeakMap (table @5)`; else
 * 0.
 */
function weakMapOf(name: string): number {
  if (!name.includes(' / part of key (')) return 0;
  const mark = ' pair in WeakMap (table @';
  const at = name.lastIndexOf(mark);
  return at < 0 ? 0 : Number(/^(\d+)\)$/.exec(name.slice(at + mark.length))?.[1] ?? 0);
}
