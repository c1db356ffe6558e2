import type { StringTable } from './strings.js';

/** V8's types of nodes and edges that have a meaning here; others are `other`. */
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
  /** Of each node: an index into `nodeTypes`. */
  type: Uint8Array;
  /** Of each node: an index into `strings`. */
  name: Uint32Array;
  /** Of each node: the same in every snapshot of one process through one connection; odd where V8 numbered it. */
  id: Uint32Array;
  /** Of each node, in bytes, itself alone. */
  size: Float64Array;
  firstEdge: Uint32Array;
  /** Of each edge: an index into `edgeTypes`. */
  edgeType: Uint8Array;
  /** Of each edge: the index of an element or hidden edge itself, of others an index into `strings`. */
  edgeName: Uint32Array;
  /** Of each edge: the node it leads to. */
  edgeTo: Uint32Array;
  /** Four numbers each: the node of a function, its script's id, line and column from 0. Of objects: of their constructor. */
  locations: Int32Array;
  /** Names of nodes and edges; the contents of strings are not among them. */
  strings: StringTable;
  /** The largest id that V8 has given so far: objects made later have larger ones. */
  lastId: number;
  /** Of the JSON. */
  bytes: number;
}
