import { fileOf } from './frame.js';
import type { Snapshot } from './heap-graph.js';

/** Where a function begins; the line counts from 1. */
export interface SourceLocation {
  file?: string;
  line?: number;
}

/** The functions of a snapshot: their scripts, and their positions in them. */
export class Scripts {
  readonly #snapshot: Snapshot;
  readonly #internal: number;
  readonly #names: Map<string, number>;
  readonly #places = new Map<number, { script: number; line: number }>();
  readonly #files = new Map<number, string>();

  constructor(snapshot: Snapshot) {
    const { locations, edgeTypes, strings } = snapshot;
    this.#snapshot = snapshot;
    this.#internal = edgeTypes.indexOf('internal');
    this.#names = strings.indicesOf('shared', 'script_or_debug_info', 'script', 'context', 'name');
    const closure = snapshot.nodeTypes.indexOf('closure');
    for (let at = 0; at < locations.length; at += 4) {
      const [node, script, line] = [locations[at]!, locations[at + 1]!, locations[at + 2]!];
      this.#places.set(node, { script, line });
      if (snapshot.type[node] !== closure || this.#files.has(script)) continue;
      const file = this.#fileOfClosure(node);
      if (file) this.#files.set(script, file);
    }
  }

  /** Where a function's source begins; for another object, its constructor's. */
  placeOf(node: number): SourceLocation {
    const place = this.#places.get(node);
    const file = place && this.#files.get(place.script);
    return file ? { file, line: place.line + 1 } : {};
  }

  /** What all closures of one function share: the node of its SharedFunctionInfo. */
  sharedOf(closure: number): number | undefined {
    return this.#follow(closure, 'shared');
  }

  /** For each of these contexts, one of the functions that use it. */
  closuresOf(contexts: ReadonlySet<number>): Map<number, number> {
    const { nodes, nodeTypes, type } = this.#snapshot;
    const closure = nodeTypes.indexOf('closure');
    const found = new Map<number, number>();
    for (let node = 0; node < nodes && found.size < contexts.size; node += 1) {
      if (type[node] !== closure) continue;
      const context = this.#follow(node, 'context');
      if (context !== undefined && contexts.has(context) && !found.has(context)) found.set(context, node);
    }
    return found;
  }

  #fileOfClosure(closure: number): string | undefined {
    const shared = this.#follow(closure, 'shared');
    if (shared === undefined) return undefined;
    const script = this.#follow(shared, 'script_or_debug_info') ?? this.#follow(shared, 'script');
    if (script === undefined) return undefined;
    return fileOf(this.#snapshot.strings.at(this.#snapshot.name[script]!)) || undefined;
  }

  #follow(node: number, edgeName: string): number | undefined {
    const name = this.#names.get(edgeName);
    const { firstEdge, edgeType, edgeTo, edgeName: names } = this.#snapshot;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
      if (names[edge] === name && edgeType[edge] === this.#internal) return edgeTo[edge];
    }
    return undefined;
  }
}
