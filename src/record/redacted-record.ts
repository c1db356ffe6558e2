import type { Redactor } from '../secrets/redactor.js';
import type { Hunt } from './record.js';

/**
 * Keys whose values are our own words: a secret that happens to equal one must not make a record unreadable.
 */
const ownWords: ReadonlySet<string> = new Set([
  ...['schemaVersion', 'version', 'startedAt', 'exitCode', 'code', 'error'],
  ...[
    'verdict',
    'end',
    'scenario',
    'round',
    'kind',
    'name',
    'unit',
    'source',
    'resource',
    'reason',
    'runtime',
  ],
  ...['startedFromInferred', 'path'],
]);

/** A record without secrets: every text in it is redacted, except for the words that records are made of. */
export function redactedRecord(hunt: Hunt, redactor: Redactor): Hunt {
  return redactedIn(hunt, redactor) as Hunt;
}

/** The same for any plain data. */
export function redactedIn(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.text(value);
  if (Array.isArray(value)) return value.map(each => redactedIn(each, redactor));
  if (!isPlainObject(value)) return value;
  const pairs = Object.entries(value).map(([key, each]) => {
    const isOwn = ownWords.has(key) && typeof each === 'string';
    return [key, isOwn ? each : redactedIn(each, redactor)];
  });
  return Object.fromEntries(pairs);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
