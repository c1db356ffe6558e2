import { type Hunt, type ScenarioRecord, scenariosOf } from '../record/record.js';
import type { Series } from '../verdict/series.js';
import { plain } from './text/plain.js';

const columns = [
  'scenario',
  'resource',
  'unit',
  'source',
  'round',
  'uploads',
  'seconds',
  'value',
  'replica',
] as const;

/**
 * Every reading of every resource, one row each (RFC 4180). `replica` is empty except for the parts of a sum
 * over a target's replicas. It contains no verdict: it is the series that the verdict rests on.
 */
export function csv(hunt: Hunt): string {
  const rows = scenariosOf(hunt).flatMap(part => part.resources.flatMap(series => rowsOf(part, series)));
  return [columns.join(','), ...rows].map(row => `${row}\r\n`).join('');
}

function rowsOf(
  { scenario }: ScenarioRecord,
  { name, unit, source, points, replicas = [] }: Series,
): string[] {
  const all = [{ endpoint: '', points }, ...replicas];
  return all.flatMap(part =>
    part.points.map(({ round, uploads, seconds, value }) =>
      [
        text(scenario),
        name,
        unit,
        source,
        round,
        number(uploads),
        number(Math.round(seconds * 1e6) / 1e6),
        number(value),
        text(part.endpoint),
      ].join(','),
    ),
  );
}

/** A value that is not a number becomes an empty cell. */
function number(value: number): string {
  return Number.isFinite(value) ? String(value) : '';
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV Injection"). */
function text(value: string): string {
  const harmless = plain(value).replace(/^(?=[=+\-@\t\r\n])/, "'");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
