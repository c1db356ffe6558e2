import { Wire } from './wire.js';

const utf8 = new TextDecoder();

/** The string table: a string is decoded when it is first asked for. */
export class Strings {
  private readonly decoded = new Map<number, string>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly starts: Uint32Array,
  ) {
    if (starts.length > 0 && this.at(0) !== '') {
      throw new Wire(bytes, starts[0]).problem('the first string is not empty');
    }
  }

  /** The index of a string, which comes next. */
  index(wire: Wire): number {
    const start = wire.pos;
    const index = wire.int();
    if (index === 0 || (index > 0 && index < this.starts.length)) return index;
    throw wire.problem(`there is no string ${index} among ${this.starts.length}`, start);
  }

  at(index: number): string {
    const known = this.decoded.get(index);
    if (known !== undefined) return known;
    if (index >= this.starts.length) return '';
    const wire = new Wire(this.bytes, this.starts[index]);
    const length = wire.length();
    const text = utf8.decode(this.bytes.subarray(wire.pos, wire.pos + length));
    this.decoded.set(index, text);
    return text;
  }
}
