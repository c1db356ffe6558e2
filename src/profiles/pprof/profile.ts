import type { Frame } from '../frame.js';
import type { Directory } from './directory.js';
import type { Header, ValueType } from './header.js';
import type { Ids } from './ids.js';
import {
  type RawFunction,
  type RawMapping,
  readFunction,
  readLabel,
  readLocation,
  readMapping,
} from './messages.js';
import { nameOf } from './name.js';
import { labelField, type SampleColumns } from './samples.js';
import type { Strings } from './strings.js';
import { delimited, Wire } from './wire.js';

/** One sample with everything known about it. */
export interface PprofSample {
  /** The leaf first, inlined frames before the frame they were inlined into. */
  stack: Frame[];
  /** One per sample type. */
  values: Float64Array;
  labels: PprofLabel[];
}

/** Other facts about a sample: a text, or a number that may have a unit. */
export type PprofLabel = { key: string; text: string } | { key: string; number: number; unit?: string };

/** An instruction; several lines if functions were inlined there, the innermost first. */
export interface PprofLocation {
  address: bigint;
  mapping?: PprofMapping;
  lines: { function?: PprofFunction; line: number }[];
  /** The address may belong to other functions too: the linker folded identical ones. */
  folded: boolean;
}

export interface PprofFunction {
  name: string;
  systemName: string;
  file: string;
  startLine: number;
}

/** A file mapped into the process, at addresses from `start` to `limit`, and how much of it was resolved. */
export interface PprofMapping extends Omit<RawMapping, 'file' | 'buildId'> {
  file: string;
  buildId: string;
}

/** What the decoder found in the bytes. */
export interface Decoded {
  bytes: Uint8Array;
  header: Header;
  directory: Directory;
  strings: Strings;
  ids: { locations: Ids; functions: Ids; mappings: Ids };
  samples: SampleColumns;
}

/**
 * A decoded profile. The samples are columns, which are cheap to sum; locations, functions, labels and texts
 * are read on demand from the bytes, which it keeps. Numbers are exact up to 2^53.
 *
 *     const profile = decodePprof(await readFile('heap.pb.gz'));
 *     const inUse = profile.typeIndex('inuse_space');
 *     for (const { stack, values } of profile.samples()) show(stack[0]?.function, values[inUse]);
 */
export class PprofProfile implements SampleColumns, Header {
  readonly sampleTypes: ValueType[];
  readonly defaultSampleType?: string;
  readonly periodType?: ValueType;
  readonly period: number;
  readonly timeNanos: bigint;
  readonly durationNanos: bigint;
  readonly comments: string[];
  readonly dropFrames?: string;
  readonly keepFrames?: string;
  readonly docUrl?: string;
  readonly locationOffsets: Uint32Array;
  readonly locationIndices: Uint32Array;
  readonly values: Float64Array;
  readonly #decoded: Decoded;
  /** The frames of each location that was asked for. */
  #frames?: (readonly Frame[] | undefined)[];

  /** Only `decodePprof` makes one. */
  constructor(decoded: Decoded) {
    const { header, samples } = decoded;
    this.#decoded = decoded;
    this.sampleTypes = header.sampleTypes;
    this.defaultSampleType = header.defaultSampleType;
    this.periodType = header.periodType;
    this.period = header.period;
    this.timeNanos = header.timeNanos;
    this.durationNanos = header.durationNanos;
    this.comments = header.comments;
    this.dropFrames = header.dropFrames;
    this.keepFrames = header.keepFrames;
    this.docUrl = header.docUrl;
    this.locationOffsets = samples.locationOffsets;
    this.locationIndices = samples.locationIndices;
    this.values = samples.values;
  }

  get sampleCount(): number {
    return this.locationOffsets.length - 1;
  }

  get locationCount(): number {
    return this.#decoded.directory.locations.length;
  }

  /** The index of `inuse_space` among the values of a sample; -1 if the profile has no such type. */
  typeIndex(type: string): number {
    return this.sampleTypes.findIndex(each => each.type === type);
  }

  /** The indices of a sample's locations, the leaf first. */
  locationsOf(sample: number): Uint32Array {
    return this.locationIndices.subarray(this.locationOffsets[sample], this.locationOffsets[sample + 1]);
  }

  /** The values of a sample, one per sample type. */
  valuesOf(sample: number): Float64Array {
    const types = this.sampleTypes.length;
    return this.values.subarray(sample * types, (sample + 1) * types);
  }

  /** The stack of a sample, the leaf first, inlined frames before the frame they were inlined into. */
  stackOf(sample: number): Frame[] {
    const stack: Frame[] = [];
    for (const location of this.locationsOf(sample)) {
      for (const frame of this.framesAt(location)) stack.push(frame);
    }
    return stack;
  }

  labelsOf(sample: number): PprofLabel[] {
    const { bytes, strings, directory } = this.#decoded;
    const wire = new Wire(bytes, directory.samples[sample]);
    const labels: PprofLabel[] = [];
    wire.message(() =>
      wire.fields((field, type) => {
        if (field !== labelField || type !== delimited) return false;
        const { key, str, num, unit } = readLabel(wire, strings);
        if (str !== 0) labels.push({ key: strings.at(key), text: strings.at(str) });
        else
          labels.push({
            key: strings.at(key),
            number: num,
            ...(unit === 0 ? {} : { unit: strings.at(unit) }),
          });
      }),
    );
    return labels;
  }

  /** All samples, one after the other. */
  *samples(): Generator<PprofSample, void, undefined> {
    for (let i = 0; i < this.sampleCount; i += 1) {
      yield { stack: this.stackOf(i), values: this.valuesOf(i), labels: this.labelsOf(i) };
    }
  }

  /** The frames of a location, the same objects at each call; its address if it has no function. */
  framesAt(location: number): readonly Frame[] {
    this.#frames ??= new Array(this.locationCount);
    const known = this.#frames[location];
    if (known) return known;
    const { address, lines } = this.locationAt(location);
    const unnamed = { function: `0x${address.toString(16)}` };
    const frames = lines.map((line): Frame => {
      if (!line.function?.name) return unnamed;
      const { name, file } = line.function;
      return {
        function: nameOf(name),
        ...(file ? { file: nameOf(file) } : {}),
        ...(line.line > 0 ? { line: line.line } : {}),
      };
    });
    if (frames.length === 0) frames.push(unnamed);
    this.#frames[location] = frames;
    return frames;
  }

  locationAt(index: number): PprofLocation {
    const { bytes, ids, directory } = this.#decoded;
    const raw = readLocation(new Wire(bytes, directory.locations[index]), ids.functions, ids.mappings);
    return {
      address: raw.address,
      ...(raw.mapping < 0 ? {} : { mapping: this.#mappingAt(raw.mapping) }),
      lines: raw.lines.map(({ function: at, line }) =>
        at < 0 ? { line } : { function: this.#functionAt(at), line },
      ),
      folded: raw.folded,
    };
  }

  /** All mappings; by convention the first is the program itself. */
  mappings(): PprofMapping[] {
    return Array.from(this.#decoded.directory.mappings, (_, index) => this.#mappingAt(index));
  }

  #functionAt(index: number): PprofFunction {
    const { bytes, strings, directory } = this.#decoded;
    const raw: RawFunction = readFunction(new Wire(bytes, directory.functions[index]), strings);
    const { name, systemName, file, startLine } = raw;
    return { name: strings.at(name), systemName: strings.at(systemName), file: strings.at(file), startLine };
  }

  #mappingAt(index: number): PprofMapping {
    const { bytes, strings, directory } = this.#decoded;
    const raw = readMapping(new Wire(bytes, directory.mappings[index]), strings);
    return { ...raw, file: strings.at(raw.file), buildId: strings.at(raw.buildId) };
  }
}
