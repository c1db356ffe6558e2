import { Budget } from './budget.js';
import { checkMessage, depthOf, stringFields } from './check.js';
import { directoryOf } from './directory.js';
import { headerOf } from './header.js';
import { Ids } from './ids.js';
import { PprofProfile } from './profile.js';
import { readSamples } from './samples.js';
import { Strings } from './strings.js';
import { unpack } from './unpack.js';
import { Wire } from './wire.js';

/** The largest unpacked size unless another limit is given. */
export const defaultLimit = 256 << 20;

/**
 * Decodes a pprof profile (profile.proto), gzip or plain, of any program. The whole profile is checked:
 * whatever its methods read later exists. It takes at most four times the unpacked bytes, and 16 MiB. Throws
 * a `LeakhuntError` with the code BAD_PROFILE for input that is damaged, is not a profile, or is larger than
 * `maxBytes` when unpacked (256 MiB). Source: https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export function decodePprof(bytes: Uint8Array, { maxBytes = defaultLimit } = {}): PprofProfile {
  const unpacked = unpack(bytes, maxBytes);
  const wire = new Wire(unpacked);
  const budget = new Budget(unpacked.length);
  const directory = directoryOf(wire, budget);
  const strings = new Strings(unpacked, directory.strings);
  const header = headerOf(wire, directory.others, strings);

  const mappings = new Ids(wire, directory.mappings, 'mapping', budget);
  for (const start of directory.mappings) checkMessage(wire.at(start), stringFields.mapping, strings);
  const functions = new Ids(wire, directory.functions, 'function', budget);
  for (const start of directory.functions) checkMessage(wire.at(start), stringFields.function, strings);
  const locations = new Ids(wire, directory.locations, 'location', budget);
  budget.take(4 * directory.locations.length, 'locations');
  const depths = new Uint32Array(directory.locations.length);
  let deepest = 1;
  for (let i = 0; i < depths.length; i += 1) {
    depths[i] = depthOf(wire.at(directory.locations[i]!), functions, mappings);
    deepest = Math.max(deepest, depths[i]!);
  }
  const samples = readSamples(
    wire,
    {
      starts: directory.samples,
      bytes: directory.sampleBytes,
      types: header.sampleTypes.length,
      locations,
      depths,
      deepest,
      strings,
    },
    budget,
  );
  return new PprofProfile({
    bytes: unpacked,
    header,
    directory,
    strings,
    ids: { locations, functions, mappings },
    samples,
  });
}
