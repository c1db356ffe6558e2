import type { Classes } from './classes.js';
import type { EdgeType, NodeType, Snapshot } from './heap-graph.js';
import type { Scripts } from './scripts.js';

/** One step of a path, as a developer sees it: steps within one object are left out. */
export interface PathStep {
  kind: 'root' | 'variable' | 'property' | 'element' | 'entry' | 'internal';
  /** For an element its index, for an entry nothing. */
  name: string;
  /** The class of the object that it leads to. */
  to: string;
  node: number;
  /** For a variable: the file of the function or module that declares it, if that is known. */
  file?: string;
}

/** V8's own objects within and between those of a program. */
const silent: ReadonlySet<string> = new Set<NodeType>(['array', 'hidden', 'object shape', 'code']);
const contextName = 'system / Context';

export function stepsAlong(
  edges: readonly number[],
  snapshot: Snapshot,
  classes: Classes,
  fileOf: (context: number) => string | undefined,
): PathStep[] {
  const { edgeTo, edgeType, edgeTypes, edgeName, nodeTypes, type, name, strings } = snapshot;
  const steps: PathStep[] = [];
  /** The node that an edge comes from, and V8's own name for the array in between. */
  let from = 0;
  let within = '';
  for (const edge of edges) {
    const to = edgeTo[edge]!;
    const edgeKind = edgeTypes[edgeType[edge]!] as EdgeType;
    const numbered = edgeKind === 'element' || edgeKind === 'hidden';
    const edgeText = numbered ? String(edgeName[edge]) : strings.at(edgeName[edge]!);
    const nodeKind = nodeTypes[type[to]!]!;
    if (silent.has(nodeKind) || strings.at(name[to]!) === contextName) {
      if (edgeKind === 'internal' && !/^\d/.test(edgeText)) within = edgeText;
    } else {
      const title = classes.list[classes.of[to]!]!.name;
      const step = { ...described(edgeKind, edgeText, nodeKind, within), to: title, node: to };
      const file = step.kind === 'variable' ? fileOf(from) : undefined;
      steps.push(file === undefined ? step : { ...step, file });
      within = '';
    }
    from = to;
  }
  return steps;
}

/** The contexts that the variables along some edges belong to. */
export function contextsAlong(edges: readonly number[], { edgeTo, edgeType, edgeTypes }: Snapshot): number[] {
  const context = edgeTypes.indexOf('context');
  return edges.flatMap((edge, i) => (i > 0 && edgeType[edge] === context ? [edgeTo[edges[i - 1]!]!] : []));
}

/** The file of each context's functions. */
export function filesOf(contexts: ReadonlySet<number>, scripts: Scripts): Map<number, string | undefined> {
  const closures = scripts.closuresOf(contexts);
  return new Map([...closures].map(([context, closure]) => [context, scripts.placeOf(closure).file]));
}

function described(
  kind: EdgeType,
  text: string,
  nodeKind: string,
  within: string,
): Pick<PathStep, 'kind' | 'name'> {
  if (nodeKind === 'synthetic' || kind === 'shortcut') return { kind: 'root', name: '' };
  if (kind === 'context') return { kind: 'variable', name: text };
  if (kind === 'property') return { kind: 'property', name: text };
  if (kind === 'element') return { kind: 'element', name: text };
  if (/^\d+ \/ part of key /.test(text)) return { kind: 'entry', name: '' };
  if (!/^\d+$/.test(text)) return { kind: 'internal', name: text };
  if (within === 'elements') return { kind: 'element', name: text };
  if (within === 'table') return { kind: 'entry', name: '' };
  return { kind: 'internal', name: within };
}
