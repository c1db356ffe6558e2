/** The longest name that is kept, in bytes of JSON; V8 itself cuts strings at 1,024 characters. */
const longestKept = 600;

/** The strings of a snapshot that are names, by their index; nothing is kept of the others. */
export class StringTable {
  #bytes = new Uint8Array(1 << 16);
  #ends = new Uint32Array(1 << 12);
  #used = 0;
  #openFrom = 0;
  #count = 0;
  readonly #wanted: Uint8Array;

  /** `wanted` has a bit for each index, the lowest first. */
  constructor(wanted: Uint8Array) {
    this.#wanted = wanted;
  }

  get count(): number {
    return this.#count;
  }

  /** A part of the next string, as it stands in the JSON. */
  append(from: Uint8Array, start: number, end: number): void {
    if (((this.#wanted[this.#count >> 3] ?? 0) & (1 << (this.#count & 7))) === 0) return;
    const room = longestKept - (this.#used - this.#openFrom);
    const length = Math.min(end - start, room);
    if (length <= 0) return;
    if (this.#used + length > this.#bytes.length) this.#bytes = copyOf(this.#bytes, this.#used + length);
    this.#bytes.set(from.subarray(start, start + length), this.#used);
    this.#used += length;
  }

  close(): void {
    if (this.#count === this.#ends.length) {
      const ends = new Uint32Array(Math.ceil(this.#count * 1.5));
      ends.set(this.#ends);
      this.#ends = ends;
    }
    this.#ends[this.#count] = this.#used;
    this.#count += 1;
    this.#openFrom = this.#used;
  }

  /** The string at an index; empty if it was not wanted. */
  at(index: number): string {
    if (index >= this.#count) return '';
    const start = index === 0 ? 0 : this.#ends[index - 1]!;
    return decode(this.#bytes.subarray(start, this.#ends[index]));
  }

  /** The length of the string at an index, in bytes of JSON. */
  lengthAt(index: number): number {
    return index >= this.#count ? 0 : this.#ends[index]! - (index === 0 ? 0 : this.#ends[index - 1]!);
  }

  /** The indices of some strings; those that do not occur are absent. */
  indicesOf(...texts: string[]): Map<string, number> {
    const lengths = new Set(texts.map(text => text.length));
    const found = new Map<string, number>();
    let start = 0;
    for (let index = 0; index < this.#count && found.size < texts.length; index += 1) {
      const end = this.#ends[index]!;
      if (lengths.has(end - start)) {
        const text = this.at(index);
        if (texts.includes(text) && !found.has(text)) found.set(text, index);
      }
      start = end;
    }
    return found;
  }
}

function copyOf(bytes: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(least, Math.ceil(bytes.length * 1.5)));
  larger.set(bytes);
  return larger;
}

const decoder = new TextDecoder();

/** If a string was cut, its last escape may be cut too: then it is left out. */
function decode(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  if (!text.includes('\\')) return text;
  const whole = text.replace(/(^|[^\\])((?:\\\\)*)\\(?:u[0-9a-f]{0,3})?$/i, '$1$2');
  try {
    return JSON.parse(`"${whole}"`) as string;
  } catch {
    return whole;
  }
}
