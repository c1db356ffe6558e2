import { leaks, noises } from './cells.js';
import type { Reached } from './criteria.js';
import { grouped } from './grouped.js';
import type { Outcome } from './measure.js';

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

/** One row per family and noise, one column per leak: leak / flat / inconclusive, and the mean rounds. */
export function verdictTable(outcomes: readonly Outcome[]): string {
  const shown = leaks.filter(leak => outcomes.some(({ cell }) => cell.leak === leak));
  const rows = familiesIn(outcomes).flatMap(family =>
    noises.map(noise => [
      family,
      String(noise),
      ...shown.map(leak => {
        const found = find(outcomes, family, leak, noise);
        if (!found) return '';
        const { called, series, rounds } = found;
        const shares = [called.leak, called.flat, called.inconclusive].map(count => shareOf(count, series));
        return `${shares.join(' / ')} (${Math.round(rounds / series)})`;
      }),
    ]),
  );
  return table(['series', 'noise', ...shown.map(leak => (leak === 0 ? 'flat' : `leak ${leak}`))], rows);
}

/** Share of intervals that hold the true growth. */
export function coverageTable(outcomes: readonly Outcome[]): string {
  const rows = familiesIn(outcomes).map(family => {
    const of = outcomes.filter(({ cell }) => cell.family === family);
    const cover = (members: readonly Outcome[]) =>
      percent(total(members, each => each.covered) / total(members, each => each.series));
    return [family, ...noises.map(noise => cover(of.filter(({ cell }) => cell.noise === noise))), cover(of)];
  });
  return table(['series', ...noises.map(noise => `noise ${noise}`), 'all'], rows);
}

/** For each rule the share of flat series it calls a leak, and of leaks of 6 that it finds. */
export function ruleTable(byRule: ReadonlyMap<string, readonly Outcome[]>): string {
  const names = [...byRule.keys()];
  const families = familiesIn(byRule.get(names[0]!)!);
  const cell = (outcomes: readonly Outcome[], family: string | null) => {
    const of = outcomes.filter(each => family === null || each.cell.family === family);
    const leaksIn = (leak: number) => {
      const members = of.filter(each => each.cell.leak === leak);
      return members.length === 0
        ? '-'
        : percent(total(members, each => each.called.leak) / total(members, each => each.series));
    };
    return `${leaksIn(0)} / ${leaksIn(6)}`;
  };
  const row = (family: string | null) => [
    family ?? 'all',
    ...names.map(name => cell(byRule.get(name)!, family)),
  ];
  return table(['series', ...names], [...families.map(row), row(null)]);
}

export function reachTable(reached: readonly Reached[]): string {
  const groups = grouped(reached, ({ claim }) => claim);
  const rows = [...groups].map(([claim, members]) => {
    const missed = members.filter(each => !each.reached);
    const named = missed.map(each => `${each.group} ${percent(each.share)}`).join('; ');
    return [claim, `${members.length - missed.length} of ${members.length}`, named || 'none'];
  });
  return table(['reach', 'holds in', 'missed by'], rows);
}

function familiesIn(outcomes: readonly Outcome[]): string[] {
  return [...new Set(outcomes.map(({ cell }) => cell.family))];
}

function find(
  outcomes: readonly Outcome[],
  family: string,
  leak: number,
  noise: number,
): Outcome | undefined {
  return outcomes.find(({ cell }) => cell.family === family && cell.leak === leak && cell.noise === noise);
}

function shareOf(count: number, series: number): string {
  const share = (100 * count) / series;
  return share === 0 || share === 100 ? share.toFixed(0) : share.toFixed(1);
}

function total(members: readonly Outcome[], of: (outcome: Outcome) => number): number {
  return members.reduce((sum, each) => sum + of(each), 0);
}
