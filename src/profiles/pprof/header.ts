import { badProfile } from './bad-profile.js';
import type { Strings } from './strings.js';
import { delimited, varint, type Wire } from './wire.js';

/** What a value counts, and its unit: `inuse_space` in `bytes`. */
export interface ValueType {
  type: string;
  unit: string;
}

/** What a profile says about itself as a whole. */
export interface Header {
  /** What each value of a sample is, in order. */
  sampleTypes: ValueType[];
  /** The sample type to show first, if the profile names one. */
  defaultSampleType?: string;
  /** What is counted between two samples: `space` in `bytes` for a Go heap profile. */
  periodType?: ValueType;
  /**
   * How much of it: for a Go heap profile the mean number of bytes, its sampling rate. 0 if it is unknown.
   */
  period: number;
  /** When it was taken, in nanoseconds since 1970, 0n if it is unknown. */
  timeNanos: bigint;
  durationNanos: bigint;
  comments: string[];
  /**
   * Regular expressions (RE2) for functions that tools drop together with all they call, or keep all the
   * same.
   */
  dropFrames?: string;
  keepFrames?: string;
  docUrl?: string;
}

/** More than any profiler writes; each takes more memory than bytes. */
const mostTypes = 1000;
const mostComments = 100_000;

/** Reads the fields that begin at `starts`. */
export function headerOf(wire: Wire, starts: Uint32Array, strings: Strings): Header {
  const header: Header = { sampleTypes: [], period: 0, timeNanos: 0n, durationNanos: 0n, comments: [] };
  const text = () => strings.at(strings.index(wire)) || undefined;
  const addComment = () => {
    if (header.comments.length === mostComments) throw wire.problem('there are too many comments');
    header.comments.push(text() ?? '');
  };
  const read = (field: number, type: number) => {
    if (type === delimited) {
      if (field === 1) header.sampleTypes.push(readValueType(wire, strings));
      else if (field === 11) header.periodType = readValueType(wire, strings);
      else if (field === 13) {
        wire.message(() => {
          while (wire.pos < wire.end) addComment();
        });
      }
      if (header.sampleTypes.length > mostTypes) throw wire.problem('there are too many sample types');
    } else if (type !== varint) return;
    else if (field === 7) header.dropFrames = text();
    else if (field === 8) header.keepFrames = text();
    else if (field === 9) header.timeNanos = wire.int64();
    else if (field === 10) header.durationNanos = wire.int64();
    else if (field === 12) header.period = wire.int();
    else if (field === 13) addComment();
    else if (field === 14) header.defaultSampleType = text();
    else if (field === 15) header.docUrl = text();
  };
  for (const start of starts) {
    const tag = wire.at(start).tag();
    read(tag >>> 3, tag & 7);
  }
  if (header.sampleTypes.length === 0)
    throw badProfile('The bytes are not a pprof profile, because they name no sample types');
  return header;
}

function readValueType(wire: Wire, strings: Strings): ValueType {
  const result: ValueType = { type: '', unit: '' };
  wire.message(() =>
    wire.fields((field, type) => {
      if (type !== varint) return false;
      if (field === 1) result.type = strings.at(strings.index(wire));
      else if (field === 2) result.unit = strings.at(strings.index(wire));
      else return false;
    }),
  );
  return result;
}
