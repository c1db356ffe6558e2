import { delimited, varint } from './wire.js';

const utf8 = new TextEncoder();

/** The largest and the smallest int64 that doubles can hold. */
const most = 2 ** 63 - 1024;
const least = -(2 ** 63);

/** Writes protobuf's wire format into a growing buffer. */
export class WireWriter {
  private bytes = new Uint8Array(1024);
  private pos = 0;
  /** Where nested messages are written before they are copied, each after its length. */
  private inner?: WireWriter;

  /** What was written; valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.pos);
  }

  /** An int64 or uint64, rounded to a whole number. Like any default, 0 is left out. */
  int(field: number, value: number): void {
    if (Math.round(value) === 0) return;
    this.number(8 * field + varint);
    this.number(value);
  }

  /** A packed list of int64 or uint64. */
  ints(field: number, values: Iterable<number>): void {
    this.message(field, list => {
      for (const value of values) list.number(value);
    });
  }

  string(field: number, text: string): void {
    this.content(field, utf8.encode(text));
  }

  message(field: number, write: (message: WireWriter) => void): void {
    this.inner ??= new WireWriter();
    this.inner.pos = 0;
    write(this.inner);
    this.content(field, this.inner.written());
  }

  private content(field: number, content: Uint8Array): void {
    this.number(8 * field + delimited);
    this.number(content.length);
    this.reserve(content.length);
    this.bytes.set(content, this.pos);
    this.pos += content.length;
  }

  private number(value: number): void {
    this.reserve(10);
    let rest = Math.min(most, Math.max(least, Math.round(value)));
    if (rest < 0) {
      this.negative(BigInt(rest));
      return;
    }
    // Dividing by a power of two is exact, even beyond 2^53.
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.bytes[this.pos++] = (rest % 128) + 128;
    this.bytes[this.pos++] = rest;
  }

  /** In two's complement of 64 bits: always 10 bytes. */
  private negative(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 128n; rest >>= 7n) this.bytes[this.pos++] = Number(rest & 127n) + 128;
    this.bytes[this.pos++] = Number(rest);
  }

  private reserve(bytes: number): void {
    if (this.pos + bytes <= this.bytes.length) return;
    const larger = new Uint8Array(2 * this.bytes.length + bytes);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
