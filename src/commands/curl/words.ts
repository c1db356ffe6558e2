import { usageError } from '../../errors.js';

/** What `$'...'` writes with a backslash (bash, "ANSI-C Quoting"). */
const ansiEscapes: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * The words of a shell command, as bash would pass them to a program: single, double and `$'...'` quotes,
 * backslashes, lines continued by a backslash. What only a shell can do is a usage error: variables,
 * substitutions, pipes, redirections, a second command. (The `shlex` package takes escapes of one quotation
 * out of the whole word, and writes the bytes of `\x` as characters.)
 */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < command.length) {
    const rest = command.slice(at, at + 2);
    const char = rest[0]!;
    if (/[ \t\r\n]/.test(char)) {
      if (char === '\n') refuseSecondCommand(words, word, command.slice(at));
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else if (char === '#' && word === undefined) {
      at = endOf('\n', at);
    } else if (/^\\\r?\n/.test(command.slice(at, at + 3))) {
      at += command[at + 1] === '\r' ? 3 : 2;
    } else if (char === '\\') {
      word = (word ?? '') + (rest[1] ?? '\\');
      at += 2;
    } else if (char === "'") {
      const end = closing("'", at);
      word = (word ?? '') + command.slice(at + 1, end);
      at = end + 1;
    } else if (char === '"' || rest === '$"') {
      const quoted = doubleQuoted(char === '"' ? at + 1 : at + 2);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (rest === "$'") {
      const quoted = ansiQuoted(at + 2);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else {
      refuseShell(at);
      word = (word ?? '') + char;
      at += 1;
    }
  }
  return word === undefined ? words : [...words, word];

  function doubleQuoted(from: number): { text: string; end: number } {
    let text = '';
    for (let i = from; i < command.length; i += 1) {
      const char = command[i]!;
      if (char === '"') return { text, end: i + 1 };
      const next = command[i + 1] ?? '';
      if (char === '\\' && '$`"\\\n'.includes(next) && next !== '') {
        if (next !== '\n') text += next;
        i += 1;
      } else {
        if (char === '$' || char === '`') refuseExpansion(i);
        text += char;
      }
    }
    throw unclosed('"');
  }

  /** Bytes, because `\x` and octal escapes stand for one byte each. */
  function ansiQuoted(from: number): { text: string; end: number } {
    const bytes: Buffer[] = [];
    for (let i = from; i < command.length; ) {
      if (command[i] === "'") return { text: Buffer.concat(bytes).toString(), end: i + 1 };
      const found =
        /^\\(?:x([\da-fA-F]{1,2})|u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8})|([0-7]{1,3})|c(.)|(.))/s.exec(
          command.slice(i, i + 12),
        );
      if (found) {
        bytes.push(escaped(found));
        i += found[0].length;
      } else {
        const char = String.fromCodePoint(command.codePointAt(i)!);
        bytes.push(Buffer.from(char));
        i += char.length;
      }
    }
    throw unclosed("$'");
  }

  function closing(quote: string, from: number): number {
    const end = command.indexOf(quote, from + 1);
    if (end < 0) throw unclosed(quote);
    return end;
  }

  function endOf(mark: string, from: number): number {
    const end = command.indexOf(mark, from);
    return end < 0 ? command.length : end;
  }

  function refuseShell(from: number): void {
    const char = command[from]!;
    if (char === '$' || char === '`') refuseExpansion(from);
    if (!';|&<>()'.includes(char)) return;
    throw usageError(
      'BAD_CURL',
      `The curl command has an unquoted "${char}", which is shell syntax: quote it, or remove it and everything after it.`,
    );
  }

  function refuseExpansion(from: number): void {
    const found = /^(?:\$(?:[A-Za-z_]\w*|\{[^}]*\}|\(|[\d@*#?$!-])|`)/.exec(
      command.slice(from, from + 80),
    )?.[0];
    if (found === undefined) return; // a dollar sign for itself
    throw usageError(
      'BAD_CURL',
      `The curl command has "${found}", which only a shell can expand: pass the command as separate words, not in one pair of quotes.`,
    );
  }
}

function escaped([, hex, short, long, octal, control, char]: RegExpExecArray): Buffer {
  if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)]);
  if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8) & 0xff]);
  const point = short ?? long;
  if (point !== undefined)
    return Buffer.from(String.fromCodePoint(Math.min(Number.parseInt(point, 16), 0x10ffff)));
  if (control !== undefined) return Buffer.from([control === '?' ? 127 : control.charCodeAt(0) & 31]);
  if (`\\'"?`.includes(char!)) return Buffer.from(char!);
  return Buffer.from(ansiEscapes[char!] ?? `\\${char}`);
}

/** A line end without a backslash ends a command; a second command after it would be lost. */
function refuseSecondCommand(words: string[], word: string | undefined, rest: string): void {
  const begun = words.length > 0 || word !== undefined;
  if (!begun || !/^\s*[^\s#]/.test(rest)) return;
  throw usageError(
    'BAD_CURL',
    'The curl command continues on another line: end each line but the last with a backslash, and give only one command.',
  );
}

function unclosed(quote: string) {
  return usageError('BAD_CURL', `The curl command has a ${quote} that is never closed: check the quotes.`);
}
