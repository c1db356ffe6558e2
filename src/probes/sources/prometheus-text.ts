import { setImmediate } from 'node:timers/promises';

/** A sample line of the text format; each label as it is written, `name="value"`. */
export interface Metric {
  name: string;
  labels: readonly string[];
  value: number;
}

/** The names to look for; lines with any other name are skipped unread. */
export type WantedMetric = (name: string) => boolean;

/** A line longer than any that a library writes is skipped. */
const longestLine = 2 ** 16;
/** This many bytes become a string at once: for a megabyte each, V8 asks the system for memory every time. */
const piece = 2 ** 16;
/** This many bytes of a page are read in one go, in a few milliseconds; then other work gets its turn. */
const turn = 2 ** 20;

const [tab, newline, space, quote, comma, backslash, open, close] = [9, 10, 32, 34, 44, 92, 123, 125];

/**
 * Sample lines of the text exposition format 0.0.4 and of OpenMetrics 1.0; comments (`# EOF` too) and other
 * lines are skipped. A series that is written twice counts once, with its last value.
 */
export function metricsIn(text: string, isWanted: WantedMetric): Metric[] {
  const metrics = new Map<string, Metric>();
  addMetrics(text, isWanted, metrics);
  return [...metrics.values()];
}

/** The same for a page of any size, piece by piece: a large one does not block the event loop. */
export async function metricsOf(page: Uint8Array, isWanted: WantedMetric): Promise<Metric[]> {
  const metrics = new Map<string, Metric>();
  const text = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  let rested = 0;
  for (let at = 0; at < page.length; ) {
    const lineEnd = page.indexOf(newline, Math.min(page.length, at + piece));
    const end = lineEnd < 0 ? page.length : lineEnd + 1;
    // Names and the labels to look for are ASCII: one byte is one character, whatever surrounds it.
    addMetrics(text.toString('latin1', at, end), isWanted, metrics);
    at = end;
    if (at - rested < turn || at >= page.length) continue;
    rested = at;
    await setImmediate();
  }
  return [...metrics.values()];
}

function addMetrics(text: string, isWanted: WantedMetric, metrics: Map<string, Metric>): void {
  let name = '';
  let wanted = false;
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    while (isBlank(text.charCodeAt(at)) && at < end) at += 1;
    // The series of one name stand together: most lines have the same name as the line before.
    if (name === '' || !text.startsWith(name, at) || isOfName(text.charCodeAt(at + name.length))) {
      name = text.slice(at, endOfName(text, at, end));
      wanted = name !== '' && isWanted(name);
    }
    if (!wanted || end - at > longestLine) continue;
    const metric = sampleOf(name, text.slice(at + name.length, end));
    if (metric) metrics.set(`${name}{${metric.labels.toSorted()}}`, metric);
  }
}

/**
 * The rest of a line after the name: labels in braces, the value, and perhaps a time stamp or an exemplar.
 */
function sampleOf(name: string, rest: string): Metric | undefined {
  const labels: string[] = [];
  const text = rest.trimStart();
  const end = text.charCodeAt(0) === open ? readLabels(text, 1, labels) : 0;
  const behind = end === 0 ? rest : text.slice(end);
  if (end === undefined || !isBlank(behind.charCodeAt(0))) return undefined;
  const [word = ''] = behind.trimStart().split(/[ \t\r]/, 1);
  const value = numberIn(word);
  return value === undefined ? undefined : { name, labels, value };
}

/**
 * The position after the closing brace; undefined if there is none. Commas and braces in quotes belong to a
 * value.
 */
function readLabels(text: string, start: number, labels: string[]): number | undefined {
  let from = start;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) quoted = !quoted;
    else if (quoted && code === backslash) at += 1;
    else if (!quoted && (code === comma || code === close)) {
      const label = text.slice(from, at).trim();
      const equals = label.indexOf('=');
      // Blanks around the equals sign do not belong to the label.
      if (label !== '')
        labels.push(`${label.slice(0, equals).trimEnd()}=${label.slice(equals + 1).trimStart()}`);
      if (code === close) return at + 1;
      from = at + 1;
    }
  }
  return undefined;
}

/** `12`, `1.5e3`, `+Inf`, `NaN`; undefined for another word. */
function numberIn(word: string): number | undefined {
  if (/^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(word)) {
    const value = Number(word);
    return Number.isNaN(value) ? undefined : value;
  }
  const [, sign, inf] = /^([+-]?)(?:(inf)|nan)$/i.exec(word) ?? [];
  if (sign === undefined) return undefined;
  return inf ? (sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number.NaN;
}

function endOfName(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isOfName(text.charCodeAt(at))) at += 1;
  return at;
}

/** `[\w:]`; false for NaN, at the end of a text. */
function isOfName(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || code === 95 || (code >= 65 && code <= 90) || (code >= 48 && code <= 58)
  );
}

function isBlank(code: number): boolean {
  return code === space || code === tab || code === 13;
}
