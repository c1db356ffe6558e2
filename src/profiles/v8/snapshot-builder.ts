import type { Snapshot } from './heap-graph.js';
import { ScanError, type Sections } from './sections.js';
import { type Layout, layoutOf } from './snapshot-header.js';
import { StringTable } from './strings.js';

const largestUint32 = 2 ** 32 - 1;
/** Nodes whose names are the contents of strings and numbers, not names of anything. */
const nameless = new Set(['string', 'concatenated string', 'sliced string', 'number', 'bigint', 'symbol']);
/** Edges that have an index instead of a name. */
const numbered = new Set(['element', 'hidden']);

/**
 * Puts the sections of a .heapsnapshot into the columns of a `Snapshot`, and checks them against each other.
 */
export class SnapshotBuilder implements Sections {
  #layout: Layout | undefined;
  #section = '';
  readonly #seen = new Set<string>();
  #nodes = 0;
  #edges = 0;
  #declaredByNodes = 0;
  #type = new Uint8Array(0);
  #name = new Uint32Array(0);
  #id = new Uint32Array(0);
  #size = new Float64Array(0);
  #firstEdge = new Uint32Array(1);
  #edgeType = new Uint8Array(0);
  #edgeName = new Uint32Array(0);
  #edgeTo = new Uint32Array(0);
  #locations = new Int32Array(0);
  #located = 0;
  #lastId = 0;
  #strings: StringTable | undefined;
  #lastName = 0;

  header(text: string): void {
    this.#layout = layoutOf(text);
  }

  openNumbers(section: string): number {
    if (!['nodes', 'edges', 'locations'].includes(section)) return 0;
    this.#begin(section, section === 'nodes' ? '' : 'nodes');
    const layout = this.#layout!;
    if (section === 'nodes') return layout.nodeFields;
    if (section === 'edges') return layout.edgeFields;
    return layout.locationFields === 4 ? 4 : 0;
  }

  numbers(batch: Float64Array, count: number): void {
    if (this.#section === 'nodes') this.#takeNodes(batch, count);
    else if (this.#section === 'edges') this.#takeEdges(batch, count);
    else this.#takeLocations(batch, count);
  }

  closeNumbers(): void {
    if (this.#section === 'nodes' && this.#nodes === 0) throw new ScanError('it has no nodes');
    if (this.#section === 'edges' && this.#edges !== this.#declaredByNodes) {
      throw new ScanError(`its nodes declare ${this.#declaredByNodes} edges, but it has ${this.#edges}`);
    }
  }

  openStrings(): void {
    this.#begin('strings', 'edges');
    this.#strings = new StringTable(this.#namesInUse());
  }

  stringPart(bytes: Uint8Array, start: number, end: number): void {
    this.#strings!.append(bytes, start, end);
  }

  closeString(): void {
    this.#strings!.close();
  }

  /** `bytes`: the size of the file. Throws a `ScanError` if a section is missing. */
  snapshot(bytes: number): Snapshot {
    const strings = this.#strings;
    if (!strings) throw new ScanError('it has no strings');
    if (strings.count <= this.#lastName) throw new ScanError('some of its strings are missing');
    const { nodeTypes, edgeTypes } = this.#layout!;
    return {
      nodes: this.#nodes,
      edges: this.#edges,
      nodeTypes,
      edgeTypes,
      type: trimmed(this.#type, this.#nodes),
      name: trimmed(this.#name, this.#nodes),
      id: trimmed(this.#id, this.#nodes),
      size: trimmed(this.#size, this.#nodes),
      firstEdge: trimmed(this.#firstEdge, this.#nodes + 1),
      edgeType: trimmed(this.#edgeType, this.#edges),
      edgeName: trimmed(this.#edgeName, this.#edges),
      edgeTo: trimmed(this.#edgeTo, this.#edges),
      locations: trimmed(this.#locations, this.#located),
      strings,
      lastId: this.#lastId,
      bytes,
    };
  }

  #begin(section: string, after: string): void {
    const early = after !== '' && !this.#seen.has(after);
    if (!this.#layout || early) throw new ScanError(`its ${section} come before its ${after || 'header'}`);
    if (this.#seen.has(section)) throw new ScanError(`it has ${section} twice`);
    this.#seen.add(section);
    this.#section = section;
  }

  #takeNodes(batch: Float64Array, count: number): void {
    const { nodeFields, nodeType, nodeName, nodeId, nodeSize, nodeEdges, nodeTypes, declaredNodes } =
      this.#layout!;
    whole(count, nodeFields, 'nodes');
    const least = this.#nodes + count / nodeFields;
    this.#type = withRoom(this.#type, least, declaredNodes);
    this.#name = withRoom(this.#name, least, declaredNodes);
    this.#id = withRoom(this.#id, least, declaredNodes);
    this.#size = withRoom(this.#size, least, declaredNodes);
    this.#firstEdge = withRoom(this.#firstEdge, least + 1, declaredNodes + 1);
    for (let at = 0; at < count; at += nodeFields) {
      const node = this.#nodes++;
      const [type, id] = [batch[at + nodeType]!, batch[at + nodeId]!];
      if (!(type >= 0 && type < nodeTypes.length)) throw new ScanError(`node ${node} has an unknown type`);
      this.#type[node] = type;
      this.#name[node] = uint32(batch[at + nodeName]!);
      this.#id[node] = uint32(id);
      this.#size[node] = batch[at + nodeSize]!;
      if (this.#size[node]! < 0) throw new ScanError(`node ${node} has a size below 0`);
      this.#declaredByNodes += uint32(batch[at + nodeEdges]!);
      this.#firstEdge[node + 1] = uint32(this.#declaredByNodes);
      // The even ones stand for memory outside of V8, by its address.
      if (id % 2 === 1 && id > this.#lastId) this.#lastId = id;
    }
  }

  #takeEdges(batch: Float64Array, count: number): void {
    const { edgeFields, edgeType, edgeName, edgeTo, edgeTypes, nodeFields, declaredEdges } = this.#layout!;
    whole(count, edgeFields, 'edges');
    const least = this.#edges + count / edgeFields;
    if (least > this.#declaredByNodes) throw new ScanError('it has more edges than its nodes declare');
    this.#edgeType = withRoom(this.#edgeType, least, declaredEdges);
    this.#edgeName = withRoom(this.#edgeName, least, declaredEdges);
    this.#edgeTo = withRoom(this.#edgeTo, least, declaredEdges);
    for (let at = 0; at < count; at += edgeFields) {
      const edge = this.#edges++;
      const [type, to] = [batch[at + edgeType]!, batch[at + edgeTo]! / nodeFields];
      if (!(type >= 0 && type < edgeTypes.length)) throw new ScanError(`edge ${edge} has an unknown type`);
      if (!(Number.isInteger(to) && to >= 0 && to < this.#nodes))
        throw new ScanError(`edge ${edge} leads nowhere`);
      this.#edgeType[edge] = type;
      this.#edgeName[edge] = uint32(batch[at + edgeName]!);
      this.#edgeTo[edge] = to;
    }
  }

  #takeLocations(batch: Float64Array, count: number): void {
    whole(count, 4, 'locations');
    this.#locations = withRoom(this.#locations, this.#located + count, 0);
    for (let at = 0; at < count; at += 4) {
      const node = batch[at]! / this.#layout!.nodeFields;
      if (!(Number.isInteger(node) && node >= 0 && node < this.#nodes))
        throw new ScanError('a location belongs to no node');
      this.#locations[this.#located++] = node;
      for (let i = 1; i < 4; i += 1) this.#locations[this.#located++] = batch[at + i]!;
    }
  }

  /**
   * A bit for each string that names a node or an edge. V8 numbers strings in the order in which nodes and
   * edges need them.
   */
  #namesInUse(): Uint8Array {
    const most = this.#nodes + this.#edges + 1;
    const used = new Uint8Array((most >> 3) + 1);
    const use = (name: number) => {
      if (name > most) throw new ScanError('it refers to a string that does not exist');
      if (name > this.#lastName) this.#lastName = name;
      used[name >> 3]! |= 1 << (name & 7);
    };
    const [nodeNamed, edgeNamed] = [
      this.#layout!.nodeTypes.map(type => !nameless.has(type)),
      this.#layout!.edgeTypes.map(type => !numbered.has(type)),
    ];
    for (let i = 0; i < this.#nodes; i += 1) if (nodeNamed[this.#type[i]!]) use(this.#name[i]!);
    for (let i = 0; i < this.#edges; i += 1) if (edgeNamed[this.#edgeType[i]!]) use(this.#edgeName[i]!);
    return used;
  }
}

function whole(count: number, fields: number, section: string): void {
  if (count % fields !== 0) throw new ScanError(`the last of its ${section} is incomplete`);
}

function uint32(value: number): number {
  if (!(value >= 0 && value <= largestUint32)) throw new ScanError(`${value} is larger than V8 ever writes`);
  return value;
}

type TypedColumn = Uint8Array | Uint32Array | Float64Array | Int32Array;

/**
 * A column with room for `least` entries: half as large again as before, but no larger than `declared` if
 * that is enough. A declared size alone is never allocated: a file can declare anything.
 */
export function withRoom<C extends TypedColumn>(column: C, least: number, declared: number): C {
  if (least <= column.length) return column;
  const grown = Math.max(least, 1024, Math.ceil(column.length * 1.5));
  const size = declared >= least ? Math.min(declared, grown) : grown;
  const larger = new (column.constructor as new (length: number) => C)(size);
  larger.set(column);
  return larger;
}

/** The entries in use, copied to memory of their own size if much would be left over. */
export function trimmed<C extends TypedColumn>(column: C, length: number): C {
  if (length === column.length) return column;
  return (column.length > length * 1.1 ? column.slice(0, length) : column.subarray(0, length)) as C;
}
