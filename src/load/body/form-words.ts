import { usageError } from '../../errors.js';
import { hidden } from '../../redact.js';
import { looksLikeFile } from '../../secrets/command.js';
import { encoders } from './encoders.js';
import type { FormPart } from './form-part.js';

type Key = 'type' | 'filename' | 'headers' | 'encoder';
type PartWords = Pick<FormPart, Key>;

/** `name=rest`; the name may be empty, as in curl. Throws a usage error if there is no equals sign. */
export function nameOf(value: string, flag: string): { name?: string; rest: string } {
  const equals = value.indexOf('=');
  if (equals < 0) {
    throw usageError(
      'BAD_FORM',
      `${flag} "${looksLikeFile(value) ? value : hidden}" has no name: write it as name=@file or name=value.`,
    );
  }
  return { name: value.slice(0, equals) || undefined, rest: value.slice(equals + 1) };
}

/**
 * A word from `start` to one of the characters of `stops`, without surrounding blanks; or a quoted one, in
 * which a backslash escapes a quote or a backslash. Text between the closing quote and the stop is skipped,
 * and a quote that is never closed stands for itself, as in curl.
 */
export function readWord(text: string, start: number, stops: string): { text: string; end: number } {
  let from = start;
  while (/\s/.test(text[from] ?? '')) from += 1;
  const quoted = /^"((?:\\["\\]|\\(?!["\\])|[^"\\])*)"/.exec(text.slice(from));
  let end = quoted ? from + quoted[0].length : from;
  while (end < text.length && !stops.includes(text[end]!)) end += 1;
  const word = quoted ? quoted[1]!.replace(/\\(["\\])/g, '$1') : text.slice(from, end).trimEnd();
  return { text: word, end };
}

/** The settings after a part's content: `;key=value` again and again. */
export function readOptions(text: string, start: number, stops: string, shown: string, keys: Key[]) {
  const said: PartWords = {};
  let end = start;
  while (text[end] === ';') {
    const rest = text.slice(end + 1);
    const key = /^\s*(\w+)=/.exec(rest)?.[1]?.toLowerCase();
    if (!isKey(key, keys)) {
      throw usageError(
        'BAD_FORM',
        `${shown} has ";${rest.split(/[;,=]/)[0]!.trim()}", which is not one of ${keys.map(each => `;${each}=`).join(', ')}: ` +
          'put a value that contains a semicolon in double quotes.',
      );
    }
    const at = end + 1 + rest.indexOf('=') + 1;
    end = { type: readType, filename: readFilename, headers: readHeaders, encoder: readEncoder }[key](at);
  }
  return { said, end };

  /** A type with its parameters: whatever follows belongs to it, unless it is another key. */
  function readType(at: number): number {
    let word = readBare(at);
    let type = word.text;
    while (text[word.end] === ';' && !/^;\s*(filename|headers|encoder)=/i.test(text.slice(word.end))) {
      word = readBare(word.end + 1);
      type = text.slice(at, word.end).trim();
    }
    if (!/^[^/\s]+\/[^;,\s]+/.test(type)) {
      throw usageError(
        'BAD_FORM',
        `${shown} has ";type=${type}", which is not a content type: write, for example, ;type=text/plain.`,
      );
    }
    said.type = controlled(type, 'type');
    return word.end;
  }

  function readBare(at: number): { text: string; end: number } {
    let stop = at;
    while (stop < text.length && !stops.includes(text[stop]!) && text[stop] !== ';') stop += 1;
    return { text: text.slice(at, stop).trim(), end: stop };
  }

  function readFilename(at: number): number {
    const word = readWord(text, at, `${stops};`);
    said.filename = word.text;
    return word.end;
  }

  function readHeaders(at: number): number {
    const fromFile = text[at] === '@' || text[at] === '<';
    const word = readWord(text, fromFile ? at + 1 : at, `${stops};`);
    const header = fromFile ? { path: word.text } : controlled(word.text, 'headers');
    said.headers = [...(said.headers ?? []), header];
    return word.end;
  }

  function readEncoder(at: number): number {
    const word = readWord(text, at, `${stops};`);
    const encoder = encoders.find(each => each === word.text.toLowerCase());
    if (encoder === undefined) {
      throw usageError(
        'BAD_FORM',
        `${shown} has ";encoder=${word.text}", which is not an encoder: use one of ${encoders.join(', ')}.`,
      );
    }
    said.encoder = encoder;
    return word.end;
  }

  function controlled(word: string, key: Key): string {
    if (!/[\0-\x08\x0a-\x1f\x7f]/.test(word)) return word;
    throw usageError('BAD_FORM', `${shown} has a control character in its ${key}: remove it.`);
  }
}

function isKey(key: string | undefined, keys: Key[]): key is Key {
  return keys.some(each => each === key);
}
