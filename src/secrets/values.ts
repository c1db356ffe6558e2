import { existsSync } from 'node:fs';
import { decoded } from '../redact.js';
import { schemes } from './public.js';

/** A shorter value is hidden where it was given, but not in other texts: it is part of too many words. */
export const shortestHidden = 4;
/** Pieces of a longer text are looked for as well, no shorter than this. */
const shortestPiece = 8;
/** At most this many pieces of one value. */
const mostPieces = 1_000;

/** Common values, which would blank out words of a report. */
const commonWords: ReadonlySet<string> = new Set([
  ...schemes,
  ...['true', 'false', 'null', 'none', 'undefined', 'auto', 'text', 'file', 'files', 'upload', 'uploads'],
  ...['heap', 'leak', 'flat', 'server', 'target', 'localhost', 'http', 'https', 'node', 'java', 'python'],
]);

/**
 * Whether a value is looked for in other texts: not a small number (a port, a count) or address, not a common
 * word, and not too short.
 */
export function isTelling(value: string): boolean {
  return (
    value.length >= shortestHidden &&
    !/^\d{1,5}$|^\d{1,3}(\.\d{1,3}){3}$/.test(value) &&
    !commonWords.has(value.toLowerCase())
  );
}

/** Whether a value is the name of an existing file. */
export function isFileName(value: string): boolean {
  return value.includes('/') && existsSync(value);
}

/**
 * A value and the parts that may come back alone: a password of a URL, a value of a query, a form or a JSON
 * document.
 */
export function partsOf(value: string): string[] {
  const ofUrl = partsOfUrl(value);
  if (ofUrl.length > 0) return [value, ...ofUrl];
  const parts = [
    value,
    value.trim(),
    ...partsOfJson(value),
    ...partsOfForm(value),
    ...value.split(/[\s"'=:;,&<>()|{}[\]/\\?@#%+]+/).filter(piece => piece.length >= shortestPiece),
  ];
  return [...new Set(parts)].slice(0, mostPieces);
}

/** User, password, query and fragment of a URL. */
export function partsOfUrl(text: string): string[] {
  if (!text.includes('://') || !URL.canParse(text)) return [];
  const { username, password, searchParams, search, hash } = new URL(text);
  const bare = search.includes('=') ? [] : [search.slice(1)];
  const written = [username, password, hash.slice(1), ...bare];
  const pair = username === '' && password === '' ? '' : `${decoded(username)}:${decoded(password)}`;
  return [...written, ...written.map(decoded), ...partsOfPair(pair), ...searchParams.values()];
}

function partsOfJson(text: string): string[] {
  if (!/^\s*[{["]/.test(text)) return [];
  const leaves: string[] = [];
  try {
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value === 'string' || typeof value === 'number') leaves.push(String(value));
      return value;
    });
  } catch {
    // Not JSON after all.
  }
  return leaves;
}

function partsOfForm(text: string): string[] {
  if (!/^[^\s=]+=/.test(text)) return [];
  return text.split('&').flatMap(pair => {
    const value = pair.slice(pair.indexOf('=') + 1);
    return [value, decoded(value.replaceAll('+', ' '))];
  });
}

/** `name:password` as it stands, as basic authorization has it, and the password. */
export function partsOfPair(pair: string): string[] {
  const password = pair.slice(pair.indexOf(':') + 1);
  return pair === '' ? [] : [pair, Buffer.from(pair).toString('base64'), password];
}
