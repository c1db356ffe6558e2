import type { NodeType, Snapshot } from './heap-graph.js';
import { ownersIn } from './owners.js';
import { Scripts } from './scripts.js';

/** The objects of one class in a snapshot. */
export interface ClassSummary {
  /**
   * For objects their constructor's name, for functions their own after `function`, else V8's kind in
   * brackets.
   */
  name: string;
  /** Where the function, or the class's constructor, begins; absent if it is not written in JavaScript. */
  file?: string;
  line?: number;
  instances: number;
  /** On V8's heap: without what they refer to, but with what is theirs alone, such as elements and entries. */
  bytes: number;
  /** Outside of V8's heap, which is what array buffers hold. */
  outside: number;
}

/** The same for the same class in every snapshot of one process. */
export function keyOf({ name, file, line }: Pick<ClassSummary, 'name' | 'file' | 'line'>): string {
  return name.startsWith('function ') ? `${name}\n${file}\n${line}` : name;
}

/** The names in the Memory panel of Chrome DevTools for objects without a class. */
const kinds: Partial<Record<string, string>> = {
  hidden: '(system)',
  array: '(array)',
  string: '(string)',
  'concatenated string': '(string)',
  'sliced string': '(string)',
  code: '(compiled code)',
  regexp: 'RegExp',
  number: '(number)',
  symbol: '(symbol)',
  bigint: '(bigint)',
  'object shape': '(object shape)',
} satisfies Partial<Record<NodeType, string>>;

const longestTitle = 120;
/** What a function without a name is called. */
export const anonymous = '(anonymous)';

/** Each node's class, as an index into a list of them. */
export interface Classes {
  of: Uint32Array;
  list: ClassSummary[];
}

/** The classes of a snapshot, those with the most bytes first. */
export function summarise(snapshot: Snapshot): ClassSummary[] {
  return classesOf(snapshot)
    .list.filter(each => each.instances > 0)
    .sort((a, b) => b.bytes + b.outside - (a.bytes + a.outside));
}

/** The classes of several processes that run the same program, as of one. */
export function together(all: readonly (readonly ClassSummary[])[]): ClassSummary[] {
  if (all.length === 1) return [...all[0]!];
  const sums = new Map<string, ClassSummary>();
  for (const each of all.flat()) {
    const sum = sums.get(keyOf(each));
    if (sum) {
      sum.instances += each.instances;
      sum.bytes += each.bytes;
      sum.outside += each.outside;
    } else sums.set(keyOf(each), { ...each });
  }
  return [...sums.values()];
}

export function classesOf(snapshot: Snapshot): Classes {
  const { nodes, nodeTypes, type, size, name, strings } = snapshot;
  const owners = ownersIn(snapshot);
  const scripts = new Scripts(snapshot);
  const of = new Uint32Array(nodes);
  const list: ClassSummary[] = [];
  const indexOf = new Map<string, number>();
  /** By type and the name's index, or by what closures share, so that each name is built once. */
  const known = new Map<number, number>();

  const classFor = (node: number): number => {
    const typeName = nodeTypes[type[node]!]!;
    const kind = kinds[typeName];
    if (kind !== undefined) return indexed({ name: kind });
    const title = strings.at(name[node]!).slice(0, longestTitle);
    const place = scripts.placeOf(node);
    if (typeName === 'closure') return indexed({ name: `function ${title || anonymous}`, ...place });
    // Where Node's own classes are written helps nobody.
    const written = place.file?.startsWith('node:') ? {} : place;
    return indexed({ name: title || `(${typeName})`, ...written });
  };
  const indexed = (described: Pick<ClassSummary, 'name' | 'file' | 'line'>): number => {
    const key = keyOf(described);
    let index = indexOf.get(key);
    if (index === undefined) {
      index = list.push({ ...described, instances: 0, bytes: 0, outside: 0 }) - 1;
      indexOf.set(key, index);
    }
    return index;
  };

  const closure = nodeTypes.indexOf('closure');
  for (let node = 0; node < nodes; node += 1) {
    const shared = type[node] === closure ? scripts.sharedOf(node) : undefined;
    // Ids and names are below 2^32: the type goes above them. Nodes that closures share count below 0.
    const key = shared === undefined ? type[node]! * 2 ** 32 + name[node]! : -shared;
    let index = known.get(key);
    if (index === undefined) {
      index = classFor(node);
      known.set(key, index);
    }
    of[node] = index;
  }
  const native = nodeTypes.indexOf('native');
  for (let node = 0; node < nodes; node += 1) {
    const owner = owners[node]!;
    const counted = list[of[owner === 0 ? node : owner]!]!;
    counted[type[node] === native ? 'outside' : 'bytes'] += size[node]!;
    if (owner === 0) counted.instances += 1;
  }
  return { of, list };
}
