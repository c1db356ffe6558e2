import type { StringTable } from './strings.js';

/** V8's types of nodes and edges that matter here; all others are `other`. */
export type NodeType =
  | 'hidden'
  | 'array'
  | 'string'
  | 'object'
  | 'code'
  | 'closure'
  | 'regexp'
  | 'number'
  | 'native'
  | 'synthetic'
  | 'concatenated string'
  | 'sliced string'
  | 'symbol'
  | 'bigint'
  | 'object shape'
  | 'wasm object';

export type EdgeType = 'context' | 'element' | 'property' | 'internal' | 'hidden' | 'shortcut' | 'weak';

/**
 * A heap as a graph in columns. Node 0 is the root; the edges of node `i` are those from `firstEdge[i]` up to
 * `firstEdge[i + 1]`.
 */
export interface Snapshot {
  nodes: number;
  edges: number;
  nodeTypes: readonly string[];
  edgeTypes: readonly string[];
  /** For each node, an index into `nodeTypes`. */
  type: Uint8Array;
  /** For each node, an index into `strings`. */
  name: Uint32Array;
  /**
   * For each node, an id that is the same in every snapshot of one process through one connection; V8's own
   * ids are odd.
   */
  id: Uint32Array;
  /** The size of each node in bytes, without what it refers to. */
  size: Float64Array;
  firstEdge: Uint32Array;
  /** For each edge, an index into `edgeTypes`. */
  edgeType: Uint8Array;
  /** For each edge, the index of an element or hidden edge, or an index into `strings` for the others. */
  edgeName: Uint32Array;
  /** The node that each edge leads to. */
  edgeTo: Uint32Array;
  /**
   * Four numbers each: the node of a function, its script's id, line and column from 0. For objects, those of
   * their constructor.
   */
  locations: Int32Array;
  /** Names of nodes and edges; the contents of strings are not included. */
  strings: StringTable;
  /** The largest id that V8 has given so far: newer objects have larger ones. */
  lastId: number;
  /** The size of the JSON in bytes. */
  bytes: number;
}
