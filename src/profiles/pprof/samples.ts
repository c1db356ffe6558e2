import type { Budget } from './budget.js';
import { checkMessage, stringFields } from './check.js';
import type { Ids } from './ids.js';

import type { Strings } from './strings.js';
import { delimited, tagOf, varint, type Wire } from './wire.js';

/** The samples of a profile, in columns. */
export interface SampleColumns {
  /** Where each sample's locations begin in `locationIndices`; the last entry is their number. */
  locationOffsets: Uint32Array;
  /** The index of each location, the leaf of each sample first. */
  locationIndices: Uint32Array;
  /** Sample by sample, one value per sample type. */
  values: Float64Array;
}

/** Fields of a Sample. Lists are packed, as in proto3, or written one by one. */
export const labelField = 3;
const label = tagOf(labelField, delimited);
const packedLocations = tagOf(1, delimited);
const oneLocation = tagOf(1, varint);
const packedValues = tagOf(2, delimited);
const oneValue = tagOf(2, varint);

/**
 * A deeper stack, including its inlined frames, is refused. Go's own end at 1,024 and their inlined frames.
 */
const deepest = 65_536;

export interface SampleTables {
  starts: Uint32Array;
  /** For all samples together. */
  bytes: number;
  types: number;
  locations: Ids;
  /** How many frames each location stands for. */
  depths: Uint32Array;
  /** The most frames that one stands for. */
  deepest: number;
  strings: Strings;
}

export function readSamples(wire: Wire, tables: SampleTables, budget: Budget): SampleColumns {
  const { starts, types } = tables;
  budget.take(4 * starts.length + 8 * types * starts.length, `${starts.length} samples`);
  const columns: SampleColumns = {
    locationOffsets: new Uint32Array(starts.length + 1),
    // No sample has more locations than bytes; the system provides no memory until it is written to.
    locationIndices: new Uint32Array(tables.bytes),
    values: new Float64Array(types * starts.length),
  };
  let locations = 0;
  for (let i = 0; i < starts.length; i += 1) {
    columns.locationOffsets[i] = locations;
    locations = fill(wire.at(starts[i]!), i, locations, columns, tables);
  }
  columns.locationOffsets[starts.length] = locations;
  columns.locationIndices = columns.locationIndices.subarray(0, locations);
  budget.take(4 * locations, `${locations} places in stacks`);
  return columns;
}

/** Writes the columns of one sample; returns where the locations of the next one begin. */
function fill(
  wire: Wire,
  sample: number,
  offset: number,
  columns: SampleColumns,
  tables: SampleTables,
): number {
  const { locationIndices, values } = columns;
  const { locations, depths, strings, types } = tables;
  const start = wire.pos;
  const firstValue = sample * types;
  let location = offset;
  let value = firstValue;
  const end = wire.enter();
  while (wire.pos < end) {
    const tag = wire.tag();
    if (tag === packedLocations) {
      wire.enter();
      location = locations.indices(wire, locationIndices, location);
      wire.end = end;
    } else if (tag === packedValues) {
      wire.enter();
      for (; wire.pos < wire.end; value += 1) values[value] = wire.int();
      wire.end = end;
    } else if (tag === oneLocation) {
      locationIndices[location] = locations.index(wire);
      location += 1;
    } else if (tag === oneValue) {
      values[value] = wire.int();
      value += 1;
    } else if (tag === label) checkMessage(wire, stringFields.label, strings);
    else wire.skip(tag);
  }
  wire.leave();
  // Surplus values went into the next samples' place, or nowhere after the last.
  const count = value - firstValue;
  if (count !== types) throw wire.problem(`a sample has ${count} values, not ${types}`, start);
  if ((location - offset) * tables.deepest > deepest) {
    let depth = 0;
    for (let i = offset; i < location; i += 1) depth += depths[locationIndices[i]!]!;
    if (depth > deepest) throw wire.problem(`a stack is ${depth} frames deep, more than ${deepest}`, start);
  }
  return location;
}
