import { gzipSync } from 'node:zlib';
import type { Frame } from '../frame.js';
import type { ValueType } from './header.js';
import type { PprofLabel } from './profile.js';
import { WireWriter } from './wire-writer.js';

/** A profile to write. */
export interface PprofSource {
  sampleTypes: readonly ValueType[];
  rows: Iterable<PprofRow>;
  /** The sample type that tools show first; the last one by default. */
  defaultSampleType?: string;
  periodType?: ValueType;
  period?: number;
  /** Nanoseconds since 1970; a double is exact to 256 of them. */
  timeNanos?: number;
  durationNanos?: number;
  comments?: readonly string[];
}

export interface PprofRow {
  /** The leaf first. */
  stack: readonly Frame[];
  /** One per sample type, rounded to whole numbers when written. */
  values: readonly number[];
  labels?: readonly PprofLabel[];
}

/**
 * Writes a profile.proto, gzip, that `go tool pprof`, speedscope and other tools open. Strings, functions and
 * locations are written once each; a location has one line, and no address. NaN is written as 0. Source:
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export function encodePprof(source: PprofSource): Uint8Array {
  const profile = new WireWriter();
  const tables = new Tables(profile);
  const valueType = (field: number, { type, unit }: ValueType) =>
    profile.message(field, message => {
      message.int(1, tables.string(type));
      message.int(2, tables.string(unit));
    });

  for (const each of source.sampleTypes) valueType(1, each);
  for (const { stack, values, labels = [] } of source.rows) {
    const locations = stack.map(frame => tables.location(frame));
    profile.message(2, sample => {
      sample.ints(1, locations);
      sample.ints(
        2,
        source.sampleTypes.map((_, i) => values[i] || 0),
      );
      for (const each of labels) {
        sample.message(3, label => {
          label.int(1, tables.string(each.key));
          if ('text' in each) label.int(2, tables.string(each.text));
          else {
            label.int(3, each.number);
            label.int(4, tables.string(each.unit ?? ''));
          }
        });
      }
    });
  }
  profile.int(9, source.timeNanos ?? 0);
  profile.int(10, source.durationNanos ?? 0);
  if (source.periodType) valueType(11, source.periodType);
  profile.int(12, source.period ?? 0);
  profile.ints(
    13,
    (source.comments ?? []).map(each => tables.string(each)),
  );
  profile.int(14, tables.string(source.defaultSampleType ?? ''));
  tables.writeMapping();
  tables.writeStrings();
  return gzipSync(profile.written());
}

/**
 * Numbers what samples refer to. Functions and locations are written when they first occur, strings at the
 * end.
 */
class Tables {
  private readonly strings = new Map<string, number>([['', 0]]);
  private readonly functions = new Map<string, number>();
  private readonly locations = new Map<string, number>();
  /** Rows of one profile share their frames; those are found without comparing text. */
  private readonly frames = new Map<Frame, number>();

  constructor(private readonly profile: WireWriter) {}

  string(text: string): number {
    const known = this.strings.get(text);
    if (known !== undefined) return known;
    this.strings.set(text, this.strings.size);
    return this.strings.size - 1;
  }

  location(frame: Frame): number {
    const seen = this.frames.get(frame);
    if (seen !== undefined) return seen;
    const { function: name, file = '', line = 0 } = frame;
    const inFunction = this.function(name, file);
    const key = `${inFunction} ${line}`;
    const id = this.locations.get(key) ?? this.locations.size + 1;
    this.frames.set(frame, id);
    if (this.locations.has(key)) return id;
    this.locations.set(key, id);
    this.profile.message(4, location => {
      location.int(1, id);
      location.int(2, 1);
      location.message(4, one => {
        one.int(1, inFunction);
        one.int(2, line);
      });
    });
    return id;
  }

  /** One mapping, which says that everything is resolved: otherwise, tools would look for the program. */
  writeMapping(): void {
    this.profile.message(3, mapping => {
      for (const idAndResolved of [1, 7, 8, 9, 10]) mapping.int(idAndResolved, 1);
    });
  }

  writeStrings(): void {
    for (const text of this.strings.keys()) this.profile.string(6, text);
  }

  private function(name: string, file: string): number {
    const key = `${this.string(name)} ${this.string(file)}`;
    const known = this.functions.get(key);
    if (known !== undefined) return known;
    const id = this.functions.size + 1;
    this.functions.set(key, id);
    this.profile.message(5, message => {
      message.int(1, id);
      message.int(2, this.string(name));
      message.int(3, this.string(name));
      message.int(4, this.string(file));
    });
    return id;
  }
}
