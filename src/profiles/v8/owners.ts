import type { Snapshot } from './heap-graph.js';

/** The parts that V8 keeps for an object alone: its fields, elements and entries. */
const stores = ['elements', 'properties', 'table'];

/**
 * Of each node that is only a part of another: the node it belongs to, else 0. So are the array in which an
 * object keeps its elements, properties or entries; and an ArrayBuffer with its bytes, which are those of the Buffer
 * or typed array that shows them (of several, the first).
 */
export function ownersIn(snapshot: Snapshot): Uint32Array {
  const { nodes, firstEdge, edgeType, edgeName, edgeTo, type, nodeTypes, edgeTypes, strings } = snapshot;
  const owners = new Uint32Array(nodes);
  const indices = strings.indicesOf(...stores, 'backing_store', 'buffer');
  const [data, buffer] = [indices.get('backing_store'), indices.get('buffer')];
  const store = new Set(stores.flatMap(name => indices.get(name) ?? []));
  const internal = edgeTypes.indexOf('internal');
  const [array, hidden, object, native] = ['array', 'hidden', 'object', 'native'].map(name =>
    nodeTypes.indexOf(name),
  );
  /** For each ArrayBuffer, the object that shows it. */
  const views = new Map<number, number>();
  /** Pairs: the bytes, and their ArrayBuffer. */
  const dataOf: number[] = [];
  for (let node = 1; node < nodes; node += 1) {
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
      if (edgeType[edge] !== internal) continue;
      const [name, to] = [edgeName[edge]!, edgeTo[edge]!];
      if (name === buffer) {
        if (type[to] === object && !views.has(to)) views.set(to, node);
      } else if (name === data) {
        if (type[to] === native) dataOf.push(to, node);
      } else if (store.has(name) && owners[to] === 0 && (type[to] === array || type[to] === hidden)) {
        owners[to] = node;
      }
    }
  }
  for (const [shown, view] of views) if (owners[shown] === 0) owners[shown] = view;
  for (let i = 0; i < dataOf.length; i += 2) {
    const [bytes, of] = [dataOf[i]!, dataOf[i + 1]!];
    if (owners[bytes] === 0) owners[bytes] = views.get(of) ?? of;
  }
  return owners;
}
