import type { ChalkInstance } from 'chalk';
import { resources } from '../../probes/resources.js';
import type { ResourceRecord, RoundRecord, ScenarioRecord } from '../../record/record.js';
import { formatReading, formatWhole } from '../../units.js';
import { leading } from '../text/wording.js';
import { plainTable } from './layout.js';

/** Every round, a row each, with the leading resource after it (`--verbose`). */
export function roundsTable(part: ScenarioRecord, columns: number, colour: ChalkInstance): string {
  if (part.rounds.length === 0) return '';
  const first = leading(part);
  const values = first ? valuesAfter(part.rounds, first) : [];
  const rows = part.rounds.map((round, i) => rowOf(round, i, values[i]));
  const head = ['round', 'kind', 'sent', 'completed', 'failed', 'seconds', 'p50 ms', 'p99 ms'];
  const last = first ? resources[first.name].title : 'reading';
  return plainTable({ head: [...head, last], rows, columns, colour, right: [0, 2, 3, 4, 5, 6, 7, 8] });
}

function rowOf(round: RoundRecord, index: number, value = ''): string[] {
  const { kind, sent, completed, failed, seconds, latencyMs } = round;
  const uploads = kind === 'upload' || kind === 'warm-up';
  const counts = uploads ? [sent, completed, failed].map(formatWhole) : ['', '', ''];
  const latency = uploads && latencyMs ? [latencyMs.p50, latencyMs.p99].map(ms => ms.toFixed(1)) : ['', ''];
  return [String(index), kind, ...counts, seconds.toFixed(2), ...latency, value];
}

/**
 * The reading after each round. A resource may lack some, so a point goes to the next round of its kind that
 * ended with as many uploads.
 */
function valuesAfter(rounds: RoundRecord[], { points, unit }: ResourceRecord): (string | undefined)[] {
  let completed = 0;
  let next = 0;
  return rounds.map(round => {
    completed += round.completed;
    const point = points[next];
    if (point?.round !== round.kind || point.uploads !== completed) return undefined;
    next += 1;
    return formatReading(point.value, unit);
  });
}
