import { badProfile } from './bad-profile.js';

/** Wire types of protobuf: how a field's value is written. */
export const varint = 0;
export const delimited = 2;
const fixed64 = 1;
const startGroup = 3;
const endGroup = 4;
const fixed32 = 5;

/** A field's number and wire type as they are written together. */
export const tagOf = (field: number, type: number) => 8 * field + type;

/** As deep as protobuf's own readers follow nested groups. */
const deepest = 100;

/**
 * Reads protobuf's wire format from a position in the bytes. No read goes beyond `end`, and malformed input
 * throws BAD_PROFILE with its position. Source: https://protobuf.dev/programming-guides/encoding/
 */
export class Wire {
  /** The upper 32 bits of the number read last. */
  high = 0;

  constructor(
    readonly bytes: Uint8Array,
    public pos = 0,
    public end = bytes.length,
  ) {}

  /** The same reader at another position. */
  at(pos: number): this {
    this.pos = pos;
    return this;
  }

  /** The lower 32 bits of the next number; the upper ones are then in `high`. */
  number(): number {
    const { bytes, pos } = this;
    // Most numbers of a profile have one or two bytes.
    if (pos + 1 < this.end) {
      const first = bytes[pos]!;
      if (first < 0x80) {
        this.pos = pos + 1;
        this.high = 0;
        return first;
      }
      const second = bytes[pos + 1]!;
      if (second < 0x80) {
        this.pos = pos + 2;
        this.high = 0;
        return (second << 7) | (first & 0x7f);
      }
    }
    return this.longNumber();
  }

  /** An int64 in two's complement: exact up to 2^53, the nearest double beyond. */
  int(): number {
    const low = this.number();
    return this.high === 0 ? low : (this.high | 0) * 2 ** 32 + low;
  }

  bool(): boolean {
    return (this.number() | this.high) !== 0;
  }

  uint64(): bigint {
    const low = this.number();
    return (BigInt(this.high) << 32n) | BigInt(low);
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  /** The `tagOf` the next field. */
  tag(): number {
    const start = this.pos;
    const byte = this.bytes[start]!;
    if (byte >= 8 && byte < 0x80 && start < this.end) {
      this.pos = start + 1;
      return byte;
    }
    const tag = this.number();
    if (this.high !== 0 || tag >>> 3 === 0) throw this.problem('a field has no valid number', start);
    return tag;
  }

  /** The length of a string, message or packed list, which follows. */
  length(): number {
    const start = this.pos;
    const length = this.number();
    if (this.high !== 0 || length > this.end - this.pos) {
      throw this.problem(`a length of ${this.high * 2 ** 32 + length} bytes goes beyond its end`, start);
    }
    return length;
  }

  /**
   * Enters a message whose length comes next, and returns where it ends; `leave` goes back to the whole
   * profile.
   */
  enter(): number {
    const length = this.length();
    this.end = this.pos + length;
    return this.end;
  }

  leave(): void {
    this.end = this.bytes.length;
  }

  /** Reads a message whose length comes next; `read` sees its end as `end`, and need not read all of it. */
  message<Result>(read: (wire: Wire) => Result): Result {
    const length = this.length();
    const outer = this.end;
    this.end = this.pos + length;
    const result = read(this);
    this.pos = this.end;
    this.end = outer;
    return result;
  }

  /** Visits the fields up to `end`: `visit` reads a field's value, or returns `false` to skip it. */
  fields(visit: (field: number, type: number) => unknown): void {
    while (this.pos < this.end) {
      const tag = this.tag();
      if (visit(tag >>> 3, tag & 7) === false) this.skip(tag);
    }
  }

  /** Skips the value of a field, whatever its type. */
  skip(tag: number, depth = 0): void {
    const type = tag & 7;
    if (type === varint) this.number();
    else if (type === delimited) this.pos = this.length() + this.pos;
    else if (type === fixed64) this.advance(8);
    else if (type === fixed32) this.advance(4);
    else if (type === startGroup) this.skipGroup(tag, depth + 1);
    else throw this.problem(`field ${tag >>> 3} has the unknown type ${type}`);
  }

  problem(what: string, at = this.pos): Error {
    return badProfile(`The profile is corrupt at byte ${at}, ${what}`);
  }

  private longNumber(): number {
    const { bytes, end } = this;
    let pos = this.pos;
    let low = 0;
    let high = 0;
    let byte = 0x80;
    for (let shift = 0; byte >= 0x80; shift += 7) {
      if (pos >= end) throw this.problem('a number is cut off');
      if (shift > 63) throw this.problem('a number is longer than 10 bytes');
      byte = bytes[pos++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift > 28) high |= bits << (shift - 32);
      else {
        low |= bits << 28;
        high = bits >>> 4;
      }
    }
    this.pos = pos;
    this.high = high >>> 0;
    return low >>> 0;
  }

  private skipGroup(start: number, depth: number): void {
    if (depth > deepest) throw this.problem(`groups are nested more than ${deepest} deep`);
    const end = start - startGroup + endGroup;
    for (let tag = this.tag(); tag !== end; tag = this.tag()) {
      if ((tag & 7) === endGroup) throw this.problem(`a group ends that never started`);
      this.skip(tag, depth);
    }
  }

  private advance(bytes: number): void {
    if (bytes > this.end - this.pos) throw this.problem('a number is cut off');
    this.pos += bytes;
  }
}
