/** How much of a body is searched, in bytes. */
const searched = 64 * 1024;

/** Looks for a text in the beginning of a body that comes in pieces. */
export class TextSearch {
  readonly #text: Buffer;
  /** The end of what was searched: the text may begin in it. */
  #end = Buffer.alloc(0);
  #left = searched;
  #found: boolean;

  constructor(text: string) {
    this.#text = Buffer.from(text);
    this.#found = text === '';
  }

  get found(): boolean {
    return this.#found;
  }

  clear(): void {
    this.#end = Buffer.alloc(0);
    this.#left = searched;
    this.#found = this.#text.length === 0;
  }

  add(bytes: Buffer, from: number, to: number): void {
    const until = Math.min(to, from + this.#left);
    if (this.#found || until <= from) return;
    this.#left -= until - from;
    const seen = Buffer.concat([this.#end, bytes.subarray(from, until)]);
    this.#found = seen.includes(this.#text);
    this.#end = seen.subarray(Math.max(0, seen.length - this.#text.length + 1));
  }
}
