import type { Hunt } from '../../record/record.js';
import { plain } from '../text/plain.js';
import { clipped } from './limits.js';

/** Fields in which null means something: no probe knows it, or there is nothing to forecast. */
const mayBeNothing: ReadonlySet<string> = new Set(['churn', 'peak', 'forecast']);
/** A command that is cut would not run. */
const longest: Record<string, number> = { command: 20_000 };
const deepest = 16;

/**
 * A harmless copy of a record: texts without control characters and no longer than `most`, and numbers that
 * JSON could not hold (it writes null for NaN and infinity) as NaN again.
 */
export function clean(hunt: Hunt, most: number): Hunt {
  return cleaned(hunt, '', most, 0) as Hunt;
}

function cleaned(value: unknown, key: string, most: number, depth: number): unknown {
  if (typeof value === 'string') return harmless(value, longest[key] ?? most);
  if (value === null) return mayBeNothing.has(key) ? null : Number.NaN;
  if (typeof value !== 'object') return value;
  if (depth > deepest) return undefined;
  if (Array.isArray(value)) return value.map(item => cleaned(item, key, most, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [harmless(name, most), cleaned(item, name, most, depth + 1)]),
  );
}

/** A text that is far too long is cut first: it need not be searched to its end. */
function harmless(text: string, most: number): string {
  const start = plain(text.slice(0, 4 * most));
  return clipped(start, most, Math.max(0, text.length - 4 * most));
}
