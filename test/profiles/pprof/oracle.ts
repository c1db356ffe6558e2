import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import type { PprofProfile } from '../../../src/profiles/pprof/profile.js';

const signed = (value: number | bigint) => Number(BigInt.asIntN(64, BigInt(value)));

/** All that a profile says, in plain values, as the package pprof-format reads it. */
export function byOracle(gzip: Uint8Array) {
  const profile = Profile.decode(gunzipSync(gzip));
  const at = (index: number | bigint) => profile.stringTable.strings[Number(index)]!;
  const byId = <Each extends { id: number | bigint }>(all: Each[]) =>
    new Map(all.map(each => [BigInt(each.id), each]));
  const functions = byId(profile.function);
  const mappings = byId(profile.mapping);
  const locations = byId(profile.location);
  const valueType = (each: { type: number | bigint; unit: number | bigint }) => ({
    type: at(each.type),
    unit: at(each.unit),
  });
  return {
    sampleTypes: profile.sampleType.map(valueType),
    periodType: profile.periodType && valueType(profile.periodType),
    period: signed(profile.period),
    timeNanos: BigInt(profile.timeNanos),
    durationNanos: BigInt(profile.durationNanos),
    comments: (profile.comment ?? []).map(at),
    defaultSampleType: at(profile.defaultSampleType) || undefined,
    mappings: profile.mapping.map(each => [
      BigInt(each.memoryStart),
      BigInt(each.memoryLimit),
      at(each.filename),
      at(each.buildId),
    ]),
    samples: profile.sample.map(({ locationId, value, label }) => ({
      values: value.map(signed),
      labels: label.map(({ key, str, num, numUnit }) => [at(key), at(str) || signed(num), at(numUnit)]),
      locations: locationId.map(id => {
        const { address, mappingId, line } = locations.get(BigInt(id))!;
        const mapping = mappings.get(BigInt(mappingId));
        const lines = line.map(each => {
          const { name, systemName, filename, startLine } = functions.get(BigInt(each.functionId))!;
          return [at(name), at(systemName), at(filename), signed(startLine), signed(each.line)];
        });
        return [BigInt(address), mapping && at(mapping.filename), lines];
      }),
    })),
  };
}

/** The same, as the decoder reads it. */
export function byDecoder(profile: PprofProfile): ReturnType<typeof byOracle> {
  const { sampleTypes, periodType, period, timeNanos, durationNanos, comments, defaultSampleType } = profile;
  return {
    sampleTypes,
    periodType,
    period,
    timeNanos,
    durationNanos,
    comments,
    defaultSampleType,
    mappings: profile.mappings().map(({ start, limit, file, buildId }) => [start, limit, file, buildId]),
    samples: Array.from({ length: profile.sampleCount }, (_, sample) => ({
      values: [...profile.valuesOf(sample)],
      labels: profile
        .labelsOf(sample)
        .map(each => ('text' in each ? [each.key, each.text, ''] : [each.key, each.number, each.unit ?? ''])),
      locations: [...profile.locationsOf(sample)].map(index => {
        const { address, mapping, lines } = profile.locationAt(index);
        return [
          address,
          mapping?.file,
          lines.map(({ function: f, line }) => [f!.name, f!.systemName, f!.file, f!.startLine, line]),
        ];
      }),
    })),
  };
}
