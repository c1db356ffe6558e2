import type { ResourceName } from '../probes/resources.js';
import type { SizeSweep } from '../record/record.js';
import type { Finding } from '../verdict/finding.js';
import { type SizedRound, sizeParts } from '../verdict/size-sweep.js';
import type { Round } from './rounds.js';

/** What leaks, or may, split by the sizes of the uploads; undefined if there was one size. */
export function sweepOf(
  rounds: readonly Round[],
  findings: readonly Finding[],
  sizes: readonly number[] | undefined,
): SizeSweep[] | undefined {
  if (!sizes) return undefined;
  const grows = findings.filter(({ verdict, decisive }) => decisive && verdict !== 'flat');
  return grows.flatMap(({ series: { name } }) => {
    const parts = sizeParts(cyclesOf(rounds, name, sizes));
    return parts ? [{ resource: name, ...parts }] : [];
  });
}

/**
 * The rounds of uploads, each size once per cycle; a cycle is left out if one of its readings lacks the
 * resource.
 */
function cyclesOf(rounds: readonly Round[], name: ResourceName, sizes: readonly number[]): SizedRound[][] {
  const cycles: SizedRound[][] = [];
  let cycle: SizedRound[] = [];
  let known = 0;
  for (const [i, { step, result, reading }] of rounds.entries()) {
    if (step.kind !== 'upload' || !result) continue;
    known += 1;
    const before = rounds[i - 1]?.reading?.values[name];
    const after = reading?.values[name];
    if (before !== undefined && after !== undefined)
      cycle.push({ uploads: result.completed, size: sizes[step.size]!, growth: after - before });
    if (known % sizes.length !== 0) continue;
    if (cycle.length === sizes.length) cycles.push(cycle);
    cycle = [];
  }
  return cycles;
}
