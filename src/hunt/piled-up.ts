import type { Reading } from '../probes/reading.js';
import { resourceNames } from '../probes/resource-questions.js';
import { resources } from '../probes/resources.js';
import { formatWhole } from '../units.js';

/** Readings in a row that have to show it. */
const readings = 3;
/** Connections of the uploads may be on their way out: what is more than twice as many as those is something else. */
const least = (concurrency: number) => Math.max(20, 2 * concurrency);

/**
 * What the uploads leave to the garbage collector that is no memory: between two collections it piles up, and a limit
 * on threads or descriptors may be reached before the runtime makes one. Empty where there is none.
 */
export function piledUpWarning(all: readonly Reading[], concurrency: number): string[] {
  const after = all.filter(({ kind }) => kind === 'upload').slice(-readings);
  const last = after.at(-1);
  if (after.length < readings || !last?.pending) return [];
  const piled = resourceNames.filter(name =>
    after.every(({ pending, values }) => {
      const [before, now] = [pending?.[name], values[name]];
      return before !== undefined && now !== undefined && before - now >= least(concurrency);
    }),
  );
  if (piled.length === 0) return [];
  const told = piled.map(
    name =>
      `${formatWhole(last.pending![name]!)} ${resources[name].title} before the last collection, ${formatWhole(last.values[name]!)} after`,
  );
  return [
    `What is not closed piles up until garbage is collected: ${told.join('; ')}. leakhunt asks for collections; without it they may come too late for a limit on threads or descriptors.`,
  ];
}
