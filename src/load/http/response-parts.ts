import { before } from '../../text.js';

const longestLine = 2000;
const mostCookies = 50;

/** Keeps the first line of a body, or its beginning. */
export class FirstLine {
  #text = '';

  add(bytes: Buffer, from: number, to: number): void {
    if (this.#text.length < longestLine) {
      this.#text += bytes.toString('utf8', from, Math.min(to, from + longestLine));
    }
  }

  clear(): void {
    this.#text = '';
  }

  get line(): string | undefined {
    return this.#text.trimStart().split('\n', 1)[0]?.trim().slice(0, longestLine);
  }
}

/** The first value of a header field in a head. */
export function field(head: string, name: string): string | undefined {
  return fields(head, name, 1)[0];
}

/**
 * The values of a header field, one for each line that has it (RFC 9112, section 5), at most `most` of them.
 */
export function fields(head: string, name: string, most = mostCookies): string[] {
  const start = `${name}:`;
  const values: string[] = [];
  for (const line of head.split('\r\n').slice(1)) {
    if (values.length === most) break;
    if (line.slice(0, start.length).toLowerCase() === start)
      values.push(before(line.slice(start.length), '\r').trim());
  }
  return values;
}

export function notHttp(chunk: Buffer, at: number): Error {
  return new Error(
    `the response is not HTTP/1.1: it starts with ${JSON.stringify(chunk.toString('latin1', at, at + 20))}`,
  );
}
