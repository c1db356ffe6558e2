import type { Budget } from './budget.js';
import { delimited, type Wire } from './wire.js';

/** The repeated messages of a Profile by their field number. Source: profile.proto. */
const tables = { samples: 2, mappings: 3, locations: 4, functions: 5, strings: 6 } as const;
const names = Object.keys(tables) as (keyof typeof tables)[];

/** Where each message of a table begins: at its length. */
export interface Directory extends Record<keyof typeof tables, Uint32Array> {
  /** Where all other fields begin: at their tag. */
  others: Uint32Array;
  /** How many bytes all samples have together. */
  sampleBytes: number;
}

/** Finds the tables of a profile, in any order: Go writes the strings last. */
export function directoryOf(wire: Wire, budget: Budget): Directory {
  const lists = Array.from({ length: 7 }, () => new List(budget));
  const others = lists[0]!;
  let sampleBytes = 0;
  wire.pos = 0;
  while (wire.pos < wire.end) {
    const start = wire.pos;
    const tag = wire.tag();
    const field = tag >>> 3;
    if ((tag & 7) === delimited && field >= tables.samples && field <= tables.strings) {
      lists[field]!.push(wire.pos);
      const length = wire.length();
      if (field === tables.samples) sampleBytes += length;
      wire.pos += length;
    } else {
      others.push(start);
      wire.skip(tag);
    }
  }
  const starts = names.map(name => [name, lists[tables[name]]!.all()]);
  return { ...Object.fromEntries(starts), others: others.all(), sampleBytes };
}

/** A growing list of numbers. */
class List {
  private numbers = new Uint32Array(256);
  private count = 0;

  constructor(private readonly budget: Budget) {}

  push(number: number): void {
    if (this.count === this.numbers.length) {
      this.budget.take(4 * this.count, 'messages');
      const larger = new Uint32Array(2 * this.count);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.count] = number;
    this.count += 1;
  }

  all(): Uint32Array {
    return this.numbers.subarray(0, this.count);
  }
}
