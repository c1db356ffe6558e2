import type { Frame } from '../site.js';
import { Pattern } from './pattern.js';
import type { PprofProfile } from './profile.js';

/** What stacks are made of, as in `PprofProfile`. */
export type Stacks = Pick<PprofProfile, 'locationsOf' | 'framesAt'>;

/** Steps that matching the names of a profile may take: a second or two. */
const mostSteps = 50_000_000;

/**
 * The stacks without the frames that the profile's `drop_frames` names (and `keep_frames` does not) and all
 * they called, as `go tool pprof` shows them. Patterns that cannot be used leave the stacks as they are.
 * Source: github.com/google/pprof/profile/prune.go, `Prune`.
 */
export function prune(profile: PprofProfile): Stacks {
  const dropped = profile.dropFrames && matcherOf(profile.dropFrames, profile.keepFrames);
  const cuts = dropped && cutsOf(profile, dropped);
  if (!cuts) return profile;
  const lines = (location: number) => profile.framesAt(location).length;
  return {
    locationsOf: sample => {
      const locations = profile.locationsOf(sample);
      // Seen from the root, what comes before the first frame that stays is kept, so that something is.
      let foundUser = false;
      for (let i = locations.length - 1; i >= 0; i -= 1) {
        const cut = cuts[locations[i]!]!;
        if (cut === 0) foundUser = true;
        else if (foundUser) return locations.subarray(cut === lines(locations[i]!) ? i + 1 : i);
      }
      return locations;
    },
    framesAt: location => {
      const frames = profile.framesAt(location);
      const cut = cuts[location]!;
      return cut === 0 || cut === frames.length ? frames : frames.slice(cut);
    },
  };
}

type Matcher = (name: string) => boolean | undefined;

/** How many frames of each location go: those up to the outermost that matches. */
function cutsOf(profile: PprofProfile, dropped: Matcher): Uint32Array | undefined {
  const cuts = new Uint32Array(profile.locationCount);
  const known = new Map<string, boolean>();
  for (let location = 0; location < cuts.length; location += 1) {
    const frames: readonly Frame[] = profile.framesAt(location);
    for (const [i, { function: name }] of frames.entries()) {
      const drop = known.get(name) ?? dropped(simplified(name));
      if (drop === undefined) return undefined;
      known.set(name, drop);
      if (drop) cuts[location] = i + 1;
    }
  }
  return cuts;
}

/** Undefined where a pattern cannot be used; the matcher answers so too, once it takes too long. */
function matcherOf(drop: string, keep: string | undefined): Matcher | undefined {
  const dropped = Pattern.of(drop);
  const kept = keep === undefined ? undefined : Pattern.of(keep);
  if (!dropped || (keep !== undefined && !kept)) return undefined;
  let left = mostSteps;
  return name => {
    left -= (name.length + 1) * (dropped.size + (kept?.size ?? 0));
    return left < 0 ? undefined : dropped.matches(name) && !kept?.matches(name);
  };
}

/** A name up to its arguments, without the dot that one ABI puts first. Source: prune.go, `simplifyFunc`. */
function simplified(name: string): string {
  const bare = name.startsWith('.') ? name.slice(1) : name;
  const reserved = /\(anonymous namespace\)|operator\(\)|\(/g;
  for (const { 0: found, index } of bare.matchAll(reserved)) if (found === '(') return bare.slice(0, index);
  return bare;
}
