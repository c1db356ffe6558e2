import { looks } from '../../../src/verdict/looks.js';
import { percent, table } from '../tables.js';
import { type Reached, unknowable } from './criteria.js';
import { knowableFromOf, type Outcome } from './measure.js';

/** One row per family and leak. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const head = ['series', 'leak', 'leak / flat / inconclusive in %', 'rounds', 'covered', 'knowable'];
  const rows = outcomes.map(({ cell, series, called, rounds, covered }) => [
    cell.family,
    cell.leak === 0 ? 'flat' : String(Math.round(10 * cell.leak) / 10),
    [called.leak, called.flat, called.inconclusive].map(count => shareOf(count, series)).join(' / '),
    String(Math.round(rounds / series)),
    percent(covered / series),
    knowable(cell.family, cell.leak),
  ]);
  return table(head, rows);
}

export function attackReachTable(reached: readonly Reached[]): string {
  const rows = reached.map(({ claim, share, reached: holds, below, above }) => [
    claim,
    percentOf(share),
    holds === undefined ? '' : holds ? 'yes' : 'no',
    below.join('; '),
    above.join('; '),
  ]);
  return table(['reach', 'measured', 'reached', 'families below', 'families above'], rows);
}

/** Why a series cannot be known, once for each family. */
export function notesOf(outcomes: readonly Outcome[]): string {
  const notes = outcomes.flatMap(({ cell }) => {
    const why = unknowable(cell.family, cell.leak);
    return why === undefined ? [] : `- ${cell.family}: ${why}.`;
  });
  return [...new Set(notes)].join('\n');
}

function knowable(family: string, leak: number): string {
  if (unknowable(family, leak) !== undefined) return 'no';
  const from = knowableFromOf({ family, leak });
  return from <= looks[0]! ? 'yes' : `from round ${Math.ceil(from)}`;
}

/** Rates of a few in a thousand need one more digit. */
function percentOf(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

function shareOf(count: number, series: number): string {
  const share = (100 * count) / series;
  return share === 0 || share === 100 ? share.toFixed(0) : share.toFixed(1);
}
