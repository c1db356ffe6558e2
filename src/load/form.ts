import { basename, extname } from 'node:path';
import { usageError } from '../errors.js';

/** One part of a multipart form, as curl's `-F` describes it. */
export interface FormPart {
  name: string;
  content: { text: string } | { bytes: Buffer } | { path: string };
  filename?: string;
  type?: string;
}

/** curl's own table (lib/mime.c, `curl_mime_contenttype`); anything else is an octet stream. */
const curlTypes: Record<string, string> = {
  '.gif': 'image/gif',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.pdf': 'application/pdf',
  '.xml': 'application/xml',
};

/**
 * The parts that one `-F` value stands for: `name=text`, `name=<file` (the file's content as a plain
 * field), `name=@file` (an upload), `name=@a.txt,b.txt` (several under one name), each file with
 * `;type=` and `;filename=`. A path or value may be quoted; a backslash escapes a quote inside.
 * Source: curl's manual, `--form`.
 */
export function parseForm(value: string): FormPart[] {
  const equals = value.indexOf('=');
  if (equals < 1) {
    throw usageError('BAD_FORM', `-F "${value}" has no name: write it as name=@file or name=value.`);
  }
  const name = value.slice(0, equals);
  const rest = value.slice(equals + 1);
  if (!rest.startsWith('@') && !rest.startsWith('<')) return [textPart(name, rest)];

  const parts: FormPart[] = [];
  let at = 1;
  for (;;) {
    const path = readWord(rest, at, [',', ';']);
    const options = readOptions(rest, path.end, value);
    if (path.text === '') {
      throw usageError('BAD_FORM', `-F "${value}" names no file after "${rest[0]}": write a path there.`);
    }
    parts.push(rest[0] === '<' ? { name, content: { path: path.text }, type: options.type } : filePart());
    if (rest[options.end] !== ',') return parts;
    at = options.end + 1;

    function filePart(): FormPart {
      return {
        name,
        content: { path: path.text },
        filename: options.filename ?? basename(path.text),
        type: options.type ?? curlTypes[extname(path.text).toLowerCase()] ?? 'application/octet-stream',
      };
    }
  }
}

/** `--form-string`: the value stands as it is, `@`, `<` and `;` included. */
export function parseFormString(value: string): FormPart {
  const equals = value.indexOf('=');
  if (equals < 1) {
    throw usageError('BAD_FORM', `--form-string "${value}" has no name: write it as name=value.`);
  }
  return { name: value.slice(0, equals), content: { text: value.slice(equals + 1) } };
}

function textPart(name: string, rest: string): FormPart {
  const word = readWord(rest, 0, [';']);
  const options = readOptions(rest, word.end, `${name}=${rest}`);
  return { name, content: { text: word.text }, filename: options.filename, type: options.type };
}

/** A word that ends at one of `stops`, or a quoted one. */
function readWord(text: string, start: number, stops: string[]): { text: string; end: number } {
  if (text[start] === '"') {
    let word = '';
    for (let i = start + 1; i < text.length; i += 1) {
      if (text[i] === '\\' && (text[i + 1] === '"' || text[i + 1] === '\\')) {
        i += 1;
        word += text[i];
      } else if (text[i] === '"') {
        return { text: word, end: i + 1 };
      } else {
        word += text[i];
      }
    }
  }
  let end = start;
  while (end < text.length && !stops.includes(text[end]!)) end += 1;
  return { text: text.slice(start, end), end };
}

function readOptions(text: string, start: number, whole: string) {
  const options: { type?: string; filename?: string; end: number } = { end: start };
  while (text[options.end] === ';') {
    const equals = text.indexOf('=', options.end);
    const key = text.slice(options.end + 1, equals < 0 ? undefined : equals).trim();
    if (equals >= 0 && key === 'charset' && options.type !== undefined) {
      const word = readWord(text, equals + 1, [',', ';']);
      options.type += text.slice(options.end, word.end); // a parameter of the type, as in text/plain; charset=utf-8
      options.end = word.end;
      continue;
    }
    if (equals < 0 || (key !== 'type' && key !== 'filename')) {
      throw usageError('BAD_FORM', `-F "${whole}" has ";${key}", which is neither ;type= nor ;filename=.`);
    }
    const word = readWord(text, equals + 1, [',', ';']);
    if (/[\0-\x1f]/.test(word.text)) {
      throw usageError('BAD_FORM', `-F "${whole}" has a control character in its ${key}: leave it out.`);
    }
    options[key] = word.text;
    options.end = word.end;
  }
  return options;
}
