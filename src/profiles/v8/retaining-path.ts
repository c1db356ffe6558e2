import { before } from '../../text.js';
import { type Classes, type ClassSummary, classesOf, keyOf } from './classes.js';
import type { Snapshot } from './heap-graph.js';
import { Scripts } from './scripts.js';
import { edgesTo, shortestPaths } from './shortest-paths.js';
import { contextsAlong, filesOf, type PathStep, stepsAlong } from './steps.js';

/** How many objects of a class are asked how they are reached. */
const voters = 100;
/** The middle of a longer path is left out. */
const mostSteps = 10;
const lastSteps = 3;

/**
 * What keeps the objects of some classes alive: for each class, the steps from a variable of the user's code,
 * or else from the root, to such an object, as `['uploads (Map) in leaks.js', 'entry (Upload)', '.body
 * (Buffer)']`. It is the path to most of a sample of those objects that are younger than `olderThan`, an
 * earlier snapshot's `lastId` (0: all objects). Undefined if there are none, or none that the root reaches.
 */
export function retainingPaths(
  snapshot: Snapshot,
  wanted: readonly Pick<ClassSummary, 'name' | 'file' | 'line'>[],
  olderThan: number,
): (string[] | undefined)[] {
  const classes = classesOf(snapshot);
  const paths = shortestPaths(snapshot);
  const edges = wanted.map(each =>
    sample(snapshot, classes, keyOf(each), olderThan).flatMap(node => {
      const found = edgesTo(paths, node);
      return found ? [found] : [];
    }),
  );
  const contexts = new Set(edges.flat().flatMap(each => contextsAlong(each, snapshot)));
  const files = filesOf(contexts, new Scripts(snapshot));
  return edges.map(each => {
    const steps = each.map(path => stepsAlong(path, snapshot, classes, context => files.get(context)));
    const isNew = ({ node }: PathStep) => olderThan > 0 && isYounger(snapshot.id[node]!, olderThan);
    return inWords(mostCommon(steps.map(path => path.slice(beginning(path, isNew)))));
  });
}

/** V8 counts up by two; even ids are addresses. */
function isYounger(id: number, olderThan: number): boolean {
  return id % 2 === 1 && id > olderThan;
}

/** Up to `voters` objects of a class, spread over all of them. */
function sample({ nodes, id }: Snapshot, classes: Classes, key: string, olderThan: number): number[] {
  const index = classes.list.findIndex(each => keyOf(each) === key);
  const found: number[] = [];
  for (let node = 1; node < nodes; node += 1) {
    if (classes.of[node] === index && isYounger(id[node]!, olderThan)) found.push(node);
  }
  if (found.length <= voters) return found;
  return Array.from({ length: voters }, (_, i) => found[Math.floor((i * found.length) / voters)]!);
}

/**
 * Where a path becomes interesting: at the last variable of the user's code that leads from old objects to
 * new ones. Failing that, at the last variable of a library, or at the root.
 */
function beginning(path: readonly PathStep[], isNew: (step: PathStep) => boolean): number {
  const boundary = path.findIndex(isNew);
  const old = path.slice(0, boundary < 0 ? path.length : boundary + 1);
  const isVariable = ({ kind, file }: PathStep) =>
    kind === 'variable' && file !== undefined && !file.startsWith('node:');
  const own = old.findLastIndex(step => isVariable(step) && !/[\\/]node_modules[\\/]/.test(step.file!));
  return Math.max(0, own >= 0 ? own : old.findLastIndex(isVariable));
}

/** The largest group of paths that differ only in property names and indices. */
function mostCommon(paths: readonly PathStep[][]): PathStep[][] {
  const groups = new Map<string, PathStep[][]>();
  for (const path of paths) {
    const once = withoutRepeats(path);
    const key = once.map(({ kind, to }) => `${kind} ${to}`).join('\n');
    const group = groups.get(key);
    if (group) group.push(once);
    else groups.set(key, [once]);
  }
  return [...groups.values()].reduce((most, each) => (each.length > most.length ? each : most), []);
}

/** A linked list repeats one step over and over. */
function withoutRepeats(path: readonly PathStep[]): PathStep[] {
  return path.filter((step, i) => {
    const before = path[i - 1];
    return !before || before.kind !== step.kind || before.name !== step.name || before.to !== step.to;
  });
}

function inWords(group: readonly PathStep[][]): string[] | undefined {
  const words = group[0]?.map((step, i) =>
    worded(
      step,
      group.every(path => path[i]!.name === step.name),
    ),
  );
  if (!words || words.length <= mostSteps) return words;
  return [...words.slice(0, mostSteps - lastSteps - 1), '…', ...words.slice(-lastSteps)];
}

/** `same`: whether the step has one name in all paths of its group. */
function worded({ kind, name, to, file }: PathStep, same: boolean): string {
  // The name of the global object's class contains the address of its page, if there is one.
  if (kind === 'root') return before(to, ' /');
  if (kind === 'entry') return `entry (${to})`;
  if (kind === 'element') return `${same ? `[${name}]` : '[n]'} (${to})`;
  if (kind === 'internal') return `${name || 'held'} (${to})`;
  if (kind === 'property') return `${same ? propertyOf(name) : '[key]'} (${to})`;
  return `${name} (${to})${file === undefined ? '' : ` in ${shortened(file)}`}`;
}

/** The last part of a path; Node's own files keep their whole names. */
function shortened(file: string): string {
  return file.startsWith('node:')
    ? file
    : file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

function propertyOf(name: string): string {
  const symbol = /^<symbol (.*)>$/.exec(name)?.[1];
  if (symbol !== undefined) return `[${symbol}]`;
  return /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
