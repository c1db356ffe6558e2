const longestLine = 2000;
const mostCookies = 50;

/** Keeps the first line of a body, or the beginning of it. */
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

/** The value of a header field in a head, its first one. */
export function field(head: string, name: string): string | undefined {
  return fieldIn(name, 'i').exec(head)?.[1];
}

export function fields(head: string, name: string): string[] {
  return [...head.matchAll(fieldIn(name, 'gi'))].slice(0, mostCookies).map(([, value]) => value!);
}

function fieldIn(name: string, flags: string): RegExp {
  return new RegExp(`\\r\\n${name}:[ \\t]*([^\\r]*?)[ \\t]*(?=\\r|$)`, flags);
}

export function notHttp(chunk: Buffer, at: number): Error {
  return new Error(
    `the answer is not HTTP/1.1: it begins with ${JSON.stringify(chunk.toString('latin1', at, at + 20))}`,
  );
}
