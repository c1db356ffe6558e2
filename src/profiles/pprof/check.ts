import type { Ids } from './ids.js';
import type { Strings } from './strings.js';
import { delimited, tagOf, varint, type Wire } from './wire.js';

/**
 * The fields of each message that are indices of strings. When a profile is decoded, messages are checked
 * without being read: that keeps nothing in memory, and takes a tenth of the time.
 */
export const stringFields = {
  mapping: new Set([5, 6]),
  function: new Set([2, 3, 4]),
  label: new Set([1, 2, 4]),
};

/** Skips a message, and checks the strings that it names. */
export function checkMessage(wire: Wire, fields: ReadonlySet<number>, strings: Strings): void {
  const outer = wire.end;
  const end = wire.enter();
  while (wire.pos < end) {
    const tag = wire.tag();
    if ((tag & 7) === varint && fields.has(tag >>> 3)) strings.index(wire);
    else wire.skip(tag);
  }
  wire.end = outer;
}

const mapping = tagOf(2, varint);
const line = tagOf(4, delimited);
const functionOfLine = tagOf(1, varint);

/** Skips a location, and checks what it refers to; returns how many frames it stands for. */
export function depthOf(wire: Wire, functions: Ids, mappings: Ids): number {
  let lines = 0;
  const end = wire.enter();
  while (wire.pos < end) {
    const tag = wire.tag();
    if (tag === mapping) mappings.index(wire);
    else if (tag === line) {
      lines += 1;
      const endOfLine = wire.enter();
      while (wire.pos < endOfLine) {
        const tagInLine = wire.tag();
        if (tagInLine === functionOfLine) functions.index(wire);
        else wire.skip(tagInLine);
      }
      wire.end = end;
    } else wire.skip(tag);
  }
  wire.leave();
  return Math.max(1, lines);
}
