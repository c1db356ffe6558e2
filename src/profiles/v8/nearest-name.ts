import { anonymous, type ClassSummary } from './classes.js';
import type { Snapshot } from './heap-graph.js';
import { Scripts } from './scripts.js';

type Named = Pick<ClassSummary, 'name' | 'file' | 'line'>;

/**
 * For each function without a name, that of the nearest function above it in its file: most often the one that it is
 * written in. V8 tells where a function begins, and not where it ends. Undefined of all others.
 */
export function nearestNames(snapshot: Snapshot, wanted: readonly Named[]): (string | undefined)[] {
  const asked = wanted.map(({ name, file, line }) =>
    name === `function ${anonymous}` && file !== undefined && line !== undefined ? { file, line } : undefined,
  );
  const found = asked.map((): { name: string; line: number } | undefined => undefined);
  if (asked.every(each => each === undefined)) return [];
  const scripts = new Scripts(snapshot);
  const closure = snapshot.nodeTypes.indexOf('closure');
  for (let node = 0; node < snapshot.nodes; node += 1) {
    if (snapshot.type[node] !== closure) continue;
    const { file, line } = scripts.placeOf(node);
    if (line === undefined || !asked.some(each => each?.file === file)) continue;
    const name = snapshot.strings.at(snapshot.name[node]!);
    if (name === '') continue;
    for (const [i, each] of asked.entries()) {
      if (each?.file !== file || line > each!.line) continue;
      if (line > (found[i]?.line ?? 0)) found[i] = { name, line };
    }
  }
  return found.map(each => each?.name);
}
