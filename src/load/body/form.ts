import { type LeakhuntError, usageError } from '../../errors.js';
import type { FormPart, PartContent } from './form-part.js';
import { nameOf, readOptions, readWord } from './form-words.js';

/** One `-F`, or one `--form-string`, whose value is taken literally. */
export interface FormArgument {
  value: string;
  literal?: boolean;
}

/**
 * The form that curl's `-F` and `--form-string` describe, in their order: `name=text`, `name=@file`,
 * `name=<file` (the file's content as a plain field), `name=@a,b` (a multipart/mixed of files), and `name=(`
 * to `=)` around the parts of a multipart. Each takes `;type=`, `;filename=`, `;headers=` and `;encoder=`;
 * quoted text may contain commas and semicolons. Where curl warns and goes on, this throws a usage error.
 * Source: curl's manual, `--form`, and `src/tool_formparse.c` of curl 7.88.
 */
export function parseForm(form: readonly FormArgument[]): FormPart[] {
  const whole: FormPart[] = [];
  const open = [whole];
  for (const { value, literal } of form) {
    const parts = open.at(-1)!;
    if (literal) {
      const { name, rest } = nameOf(value, '--form-string');
      parts.push(clean({ name, content: { text: rest } }));
    } else if (value === '=)') {
      if (open.length === 1) {
        throw usageError(
          'BAD_FORM',
          '-F "=)" ends a multipart that was never started: start it with -F "name=(".',
        );
      }
      open.pop();
    } else {
      const part = partOf(value);
      parts.push(part);
      if ('parts' in part.content && beginsGroup(value)) open.push(part.content.parts);
    }
  }
  return whole;
}

function beginsGroup(value: string): boolean {
  return value[value.indexOf('=') + 1] === '(';
}

function partOf(value: string): FormPart {
  const { name, rest } = nameOf(value, '-F');
  const shown = `-F "${name ?? ''}=…"`;
  switch (rest[0]) {
    case '(': {
      const options = readOptions(rest, readWord(rest, 0, ';').end, ';', shown, ['type', 'headers']);
      return clean({ name, content: { parts: [] }, ...options.said });
    }
    case '@':
      return filesPart(name, rest, shown);
    case '<': {
      const word = readWord(rest, 1, ';');
      const options = readOptions(rest, word.end, ';', shown, ['type', 'headers', 'encoder']);
      return clean({ name, content: fileContent(word.text, '<', shown), ...options.said });
    }
    default: {
      const word = readWord(rest, 0, ';');
      const options = readOptions(rest, word.end, ';', shown, ['type', 'filename', 'headers', 'encoder']);
      return clean({ name, content: { text: word.text }, ...options.said });
    }
  }
}

/** `@file`, or several: curl puts those into a multipart/mixed under the one name (RFC 2388, section 4.2). */
function filesPart(name: string | undefined, rest: string, shown: string): FormPart {
  const files: FormPart[] = [];
  let at = 0;
  do {
    const word = readWord(rest, at + 1, ',;');
    const options = readOptions(rest, word.end, ',;', shown, ['type', 'filename', 'headers', 'encoder']);
    const filename = options.said.filename ?? word.text.slice(word.text.lastIndexOf('/') + 1);
    files.push(clean({ content: fileContent(word.text, '@', shown), ...options.said, filename }));
    at = options.end;
  } while (rest[at] === ',');
  return files.length === 1 ? clean({ name, ...files[0]! }) : clean({ name, content: { parts: files } });
}

function fileContent(path: string, mark: string, shown: string): PartContent {
  if (path === '') {
    throw usageError('BAD_FORM', `${shown} has no file name after "${mark}": add a path.`);
  }
  return path === '-' ? { stdin: true } : { path };
}

/** Without the settings that were not given. */
function clean(part: FormPart): FormPart {
  return Object.fromEntries(
    Object.entries(part).filter(([, value]) => value !== undefined),
  ) as unknown as FormPart;
}

/** `what` makes a form larger than what is held in memory: the field `name` should come from disk instead. */
export function tooLarge(what: string, name: string): LeakhuntError {
  const part = `{ name: ${JSON.stringify(name)}, content: { path: "…" }, filename: "…" }`;
  return usageError(
    'BAD_FORM',
    `${what} makes the form larger than 64 MiB, which is too large to hold in memory: pass a list of parts, with this one as ${part}, which is read from disk for each upload.`,
  );
}
