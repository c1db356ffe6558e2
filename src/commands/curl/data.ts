import { usageError } from '../../errors.js';
import type { DataBody, DataPart } from '../../load/body/data-body.js';
import type { Said } from './flags.js';

/** The body that `-d` and its kin, `--json` and `-T` make, in their order; undefined without any. */
export function dataBodyOf(said: readonly Said[]): DataBody | undefined {
  const uploads = said.filter(({ option }) => option.name === 'upload-file');
  const globoff = said.some(({ option }) => option.name === 'globoff');
  if (uploads.length > 0) return { parts: [uploadOf(uploads, globoff)] };
  const data = said.filter(({ option }) => /^(data|json)/.test(option.name));
  if (data.length === 0) return undefined;
  const json = data.some(({ option }) => option.name === 'json');
  return {
    parts: data.map(dataPartOf),
    contentType: json ? 'application/json' : 'application/x-www-form-urlencoded',
  };
}

function dataPartOf({ option, value }: Said): DataPart {
  const glue = '&';
  switch (option.name) {
    case 'json':
      return { content: fileOrText(value) };
    case 'data-raw':
      return { content: { text: value }, glue };
    case 'data-binary':
      return { content: fileOrText(value), glue };
    case 'data-urlencode':
      return { ...escapedOf(value), change: 'escape', glue };
    default:
      return { content: fileOrText(value), change: 'strip', glue };
  }
}

/** `content`, `=content`, `name=content`, `@file`, `name@file`: an equals sign goes before an at sign. */
function escapedOf(value: string): Pick<DataPart, 'content' | 'prefix'> {
  const [, name, mark, rest] = /^([^=]*)(=)(.*)$/s.exec(value) ?? /^([^@]*)(@)(.*)$/s.exec(value) ?? [];
  if (mark === undefined) return { content: { text: value } };
  const content = mark === '=' ? { text: rest! } : fileNamed(rest!);
  return name === '' ? { content } : { content, prefix: `${name}=` };
}

function fileOrText(value: string): DataPart['content'] {
  return value.startsWith('@') ? fileNamed(value.slice(1)) : { text: value };
}

function fileNamed(path: string): DataPart['content'] {
  if (path === '') throw usageError('BAD_CURL', 'The data has no file name after "@": add a path.');
  return path === '-' ? { stdin: true } : { path };
}

/** `-T file`; `-` and `.` are standard input. */
function uploadOf([first, second]: Said[], globoff: boolean): DataPart {
  const { value } = first!;
  if (second)
    throw usageError('BAD_CURL', '-T is given twice, but a hunt uploads only one file: remove one of them.');
  if (value === '') throw usageError('BAD_CURL', '-T has no file name: add a path after it.');
  if (!globoff && standsForSeveral(value)) {
    throw usageError(
      'BAD_CURL',
      `-T "${value}" stands for several files, because curl expands {} and []: give one of them, or add -g.`,
    );
  }
  return { content: value === '-' || value === '.' ? { stdin: true } : { path: value } };
}

/** `{a,b}`, or a range in brackets, as curl reads them. */
function standsForSeveral(name: string): boolean {
  const brace = name.indexOf('{');
  if (brace >= 0 && name.indexOf('}', brace) >= 0) return true;
  const range = name.slice(name.indexOf('[') + 1, Math.max(0, name.lastIndexOf(']')));
  return name.includes('[') && range.slice(1, -1).includes('-');
}
