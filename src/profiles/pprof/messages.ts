import type { Ids } from './ids.js';
import type { Strings } from './strings.js';
import { delimited, varint, type Wire } from './wire.js';

/** A function; its texts are indices of strings. */
export interface RawFunction {
  name: number;
  systemName: number;
  file: number;
  startLine: number;
}

/** A line of a location; `function` is an index, -1 if the profile gives none. */
export interface RawLine {
  function: number;
  line: number;
}

/** A location; `mapping` is an index, -1 if it has none. The callee of inlined lines comes first. */
export interface RawLocation {
  mapping: number;
  address: bigint;
  folded: boolean;
  lines: RawLine[];
}

export interface RawMapping {
  start: bigint;
  limit: bigint;
  offset: bigint;
  file: number;
  buildId: number;
  hasFunctions: boolean;
  hasFilenames: boolean;
  hasLineNumbers: boolean;
  hasInlineFrames: boolean;
}

/** A label; its texts are indices of strings. A `str` of 0 means none. */
export interface RawLabel {
  key: number;
  str: number;
  num: number;
  unit: number;
}

/** Each reader starts at a message's length. */
export function readFunction(wire: Wire, strings: Strings): RawFunction {
  const result = { name: 0, systemName: 0, file: 0, startLine: 0 };
  scalars(wire, field => {
    if (field === 2) result.name = strings.index(wire);
    else if (field === 3) result.systemName = strings.index(wire);
    else if (field === 4) result.file = strings.index(wire);
    else if (field === 5) result.startLine = wire.int();
    else return false;
  });
  return result;
}

export function readMapping(wire: Wire, strings: Strings): RawMapping {
  const result: RawMapping = {
    start: 0n,
    limit: 0n,
    offset: 0n,
    file: 0,
    buildId: 0,
    hasFunctions: false,
    hasFilenames: false,
    hasLineNumbers: false,
    hasInlineFrames: false,
  };
  scalars(wire, field => {
    if (field === 2) result.start = wire.uint64();
    else if (field === 3) result.limit = wire.uint64();
    else if (field === 4) result.offset = wire.uint64();
    else if (field === 5) result.file = strings.index(wire);
    else if (field === 6) result.buildId = strings.index(wire);
    else if (field === 7) result.hasFunctions = wire.bool();
    else if (field === 8) result.hasFilenames = wire.bool();
    else if (field === 9) result.hasLineNumbers = wire.bool();
    else if (field === 10) result.hasInlineFrames = wire.bool();
    else return false;
  });
  return result;
}

export function readLabel(wire: Wire, strings: Strings): RawLabel {
  const result = { key: 0, str: 0, num: 0, unit: 0 };
  scalars(wire, field => {
    if (field === 1) result.key = strings.index(wire);
    else if (field === 2) result.str = strings.index(wire);
    else if (field === 3) result.num = wire.int();
    else if (field === 4) result.unit = strings.index(wire);
    else return false;
  });
  return result;
}

export function readLocation(wire: Wire, functions: Ids, mappings: Ids): RawLocation {
  const result: RawLocation = { mapping: -1, address: 0n, folded: false, lines: [] };
  wire.message(() =>
    wire.fields((field, type) => {
      if (field === 4 && type === delimited) result.lines.push(readLine(wire, functions));
      else if (type !== varint) return false;
      else if (field === 2) result.mapping = mappings.index(wire);
      else if (field === 3) result.address = wire.uint64();
      else if (field === 5) result.folded = wire.bool();
      else return false;
    }),
  );
  return result;
}

function readLine(wire: Wire, functions: Ids): RawLine {
  const result = { function: -1, line: 0 };
  scalars(wire, field => {
    if (field === 1) result.function = functions.index(wire);
    else if (field === 2) result.line = wire.int();
    else return false;
  });
  return result;
}

/** Visits the fields of a message that are single numbers. */
function scalars(wire: Wire, visit: (field: number) => unknown): void {
  wire.message(() => wire.fields((field, type) => (type === varint ? visit(field) : false)));
}
