import { isPartOf, outermost } from '../../probes/resource-questions.js';
import { type ResourceName, resources } from '../../probes/resources.js';
import type { Unit } from '../../units.js';
import type { Interval } from '../../verdict/verdict.js';

/** An amount to report; `without` lists its parts if those are reported themselves. */
export type Told<Growth> = Growth & { without?: true };

interface ToldGrowth {
  name: ResourceName;
  unit: Unit;
  perUpload: Interval;
  margin: number;
}

/**
 * Amounts in which each byte is counted once: if a part is reported, only the rest of the whole is, and only
 * if it is surely above the whole's margin.
 */
export function toldOnce<Each extends ToldGrowth>(all: readonly Each[]): Told<Each>[] {
  return all.flatMap((each): Told<Each>[] => {
    const within = all.filter(({ name }) => isPartOf(name, each.name));
    const parts = outermost(within, ({ name }) => name);
    if (parts.length === 0) return [each];
    const sum = (bound: keyof Interval) =>
      parts.reduce((total, { perUpload }) => total + perUpload[bound], 0);
    const perUpload = {
      estimate: each.perUpload.estimate - sum('estimate'),
      low: each.perUpload.low - sum('high'),
      high: each.perUpload.high - sum('low'),
    };
    const isSure = perUpload.low > each.margin;
    return isSure ? [{ ...each, perUpload, without: true as const }] : [];
  });
}

/** The name of an amount: `heap` or, if parts were taken out of it, `other anonymous memory`. */
export function titleOf({ name, without }: Pick<Told<ToldGrowth>, 'name' | 'without'>): string {
  const { title } = resources[name];
  return without ? `other ${title}` : title;
}
