import type { Budget } from './budget.js';
import { tagOf, varint, type Wire } from './wire.js';

const lowHalf = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

/**
 * Finds messages by their ids. Writers number them from 1 or use addresses and hashes of 64 bits; so the ids
 * are sorted, and a message's index is the rank of its id.
 */
export class Ids {
  /** Upper and lower halves, in ascending order; absent if the ids are 1, 2, 3 ... */
  private readonly halves?: Uint32Array;
  private readonly count: number;

  /** Reads the ids of the messages at `starts`, and sorts `starts` by them. */
  constructor(
    wire: Wire,
    starts: Uint32Array,
    private readonly kind: string,
    budget: Budget,
  ) {
    this.count = starts.length;
    budget.take(8 * this.count, `${this.count} ${kind}s`);
    const ids = new BigUint64Array(this.count);
    const halves = new Uint32Array(ids.buffer);
    let inOrder = true;
    for (let i = 0; i < this.count; i += 1) {
      readId(wire, starts[i]!, halves, i);
      if (halves[2 * i + lowHalf] !== i + 1 || halves[2 * i + 1 - lowHalf] !== 0) inOrder = false;
    }
    if (inOrder) return;

    budget.take(12 * this.count, `${this.count} ${kind}s`);
    const unsorted = halves.slice();
    ids.sort();
    if (ids[0] === 0n) throw wire.problem(`a ${kind} has no id`);
    for (let i = 1; i < this.count; i += 1) {
      if (ids[i] === ids[i - 1]) throw wire.problem(`two ${kind}s have the id ${ids[i]}`);
    }
    this.halves = halves;
    const places = starts.slice();
    for (let i = 0; i < this.count; i += 1) {
      starts[this.search(unsorted[2 * i + lowHalf]!, unsorted[2 * i + 1 - lowHalf]!)] = places[i]!;
    }
  }

  /** The index of the message whose id comes next. */
  index(wire: Wire): number {
    const low = wire.number();
    const { high } = wire;
    const index = this.halves ? this.search(low, high) : high === 0 && low <= this.count ? low - 1 : -1;
    if (index >= 0) return index;
    throw wire.problem(`there is no ${this.kind} with the id ${(BigInt(high) << 32n) | BigInt(low)}`);
  }

  /**
   * Writes the index of each id up to the wire's end, from `at` on; returns where it stopped. Decoding a
   * profile spends most of its time here, so ids of one and two bytes are read in place.
   */
  indices(wire: Wire, into: Uint32Array, at: number): number {
    const { bytes, end } = wire;
    // Sorted ids are searched for one by one.
    const mostInPlace = this.halves ? 0 : this.count;
    let next = at;
    let pos = wire.pos;
    while (pos < end) {
      let id = bytes[pos]!;
      let length = 1;
      if (id >= 0x80 && pos + 1 < end && bytes[pos + 1]! < 0x80) {
        id = (bytes[pos + 1]! << 7) | (id & 0x7f);
        length = 2;
      } else if (id >= 0x80) id = 0;
      if (id > 0 && id <= mostInPlace) {
        into[next] = id - 1;
        pos += length;
      } else {
        wire.pos = pos;
        into[next] = this.index(wire);
        pos = wire.pos;
      }
      next += 1;
    }
    wire.pos = pos;
    return next;
  }

  private search(low: number, high: number): number {
    const halves = this.halves!;
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const upper = halves[2 * middle + 1 - lowHalf]!;
      const lower = halves[2 * middle + lowHalf]!;
      if (upper === high && lower === low) return middle;
      if (upper < high || (upper === high && lower < low)) from = middle + 1;
      else to = middle;
    }
    return -1;
  }
}

/** The id is field 1 of a mapping, a location and a function. */
function readId(wire: Wire, start: number, halves: Uint32Array, index: number): void {
  wire.pos = start;
  const end = wire.enter();
  while (wire.pos < end) {
    const tag = wire.tag();
    if (tag === tagOf(1, varint)) {
      halves[2 * index + lowHalf] = wire.number();
      halves[2 * index + 1 - lowHalf] = wire.high;
      break;
    }
    wire.skip(tag);
  }
  wire.leave();
}
