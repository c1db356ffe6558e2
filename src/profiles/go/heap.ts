import type { Frame, Profile, ProfileRow } from '../frame.js';
import { badProfile } from '../pprof/bad-profile.js';
import { decodePprof } from '../pprof/decode.js';
import type { PprofProfile } from '../pprof/profile.js';

/** The resource that each pair of sample types of a Go heap profile stands for: an amount and its objects. */
const resources = [
  { resource: 'heap', value: 'inuse_space', bytes: 'inuse_space', objects: 'inuse_objects' },
  { resource: 'heap-objects', value: 'inuse_objects', bytes: 'inuse_space', objects: 'inuse_objects' },
  { resource: 'churn', value: 'alloc_space', bytes: 'alloc_space', objects: 'alloc_objects' },
] as const;

/**
 * The limit for the frames of all different stacks together: a hostile profile could make any number from few
 * bytes.
 */
const mostFrames = 10_000_000;

/**
 * The profiles in a Go heap profile (`/debug/pprof/heap`, protobuf): the live bytes and objects of each
 * stack, and the bytes it ever allocated. A stack that holds nothing has no row. Throws BAD_PROFILE for any
 * other profile.
 */
export function goHeap(bytes: Uint8Array): Profile[] {
  const profile = decodePprof(bytes);
  const sites = sitesOf(profile);
  return resources.map(({ resource, value, bytes, objects }) => {
    const [valueAt, bytesAt, objectsAt] = [value, bytes, objects].map(type => indexOf(profile, type));
    const rows = new Map<string, ProfileRow & { variance: number }>();
    for (let sample = 0; sample < sites.length; sample += 1) {
      const first = sample * profile.sampleTypes.length;
      const amount = profile.values[first + valueAt!]!;
      if (amount === 0) continue;
      const count = profile.values[first + objectsAt!]!;
      const size = profile.values[first + bytesAt!]! / count;
      const each = value === objects ? 1 : size;
      const { key, stack } = sites[sample]!;
      let row = rows.get(key);
      if (!row) {
        row = { key, stack, value: 0, variance: 0 };
        rows.set(key, row);
      }
      row.value += amount;
      row.variance += varianceOf(count, size, profile.period) * each ** 2;
    }
    return { resource, kind: 'call-site', rows: [...rows.values()] };
  });
}

/**
 * The square of the standard error of a number of objects of a mean size. Go samples bytes as a Poisson
 * process, one in `rate`: an object is seen with the probability p = 1 - exp(-size / rate), and the number
 * seen is divided by p; so the variance for N objects is N (1 - p) / p. Source: runtime/pprof/protomem.go,
 * `scaleHeapSample`, which does not scale at rates of 1 and below.
 */
export function varianceOf(objects: number, size: number, rate: number): number {
  return rate > 1 && size > 0 ? objects / Math.expm1(size / rate) : 0;
}

interface Site {
  key: string;
  stack: readonly Frame[];
}

/** The stack of each sample; the same object for samples that differ only in labels. */
function sitesOf(profile: PprofProfile): Site[] {
  const keyOf = keysOf(profile);
  const sites = new Map<string, Site>();
  let frames = 0;
  const samples: Site[] = [];
  for (let sample = 0; sample < profile.sampleCount; sample += 1) {
    const locations = profile.locationsOf(sample);
    const parts: string[] = [];
    for (let i = 0; i < locations.length; i += 1) parts.push(keyOf(locations[i]!));
    const key = parts.join(' ');
    let site = sites.get(key);
    if (!site) {
      for (let i = 0; i < locations.length; i += 1) frames += profile.framesAt(locations[i]!).length;
      if (frames > mostFrames) throw badProfile(`The heap profile has more than ${mostFrames} frames`);
      const stack: Frame[] = [];
      for (let i = 0; i < locations.length; i += 1) {
        for (const frame of profile.framesAt(locations[i]!)) stack.push(frame);
      }
      site = { key, stack };
      sites.set(key, site);
    }
    samples.push(site);
  }
  return samples;
}

/**
 * The key of a location: its address, which is fixed for the life of a process, or its lines if it has none.
 */
function keysOf(profile: PprofProfile): (location: number) => string {
  const keys: (string | undefined)[] = new Array(profile.locationCount);
  return location => {
    let key = keys[location];
    if (key === undefined) {
      const { address } = profile.locationAt(location);
      key = address === 0n ? JSON.stringify(profile.framesAt(location)) : address.toString(36);
      keys[location] = key;
    }
    return key;
  };
}

function indexOf(profile: PprofProfile, type: string): number {
  const index = profile.typeIndex(type);
  if (index >= 0) return index;
  const types = profile.sampleTypes.map(each => each.type).join(', ');
  throw badProfile(`The profile is not a Go heap profile, because it has ${types} and not ${type}`);
}
