/**
 * Whose new files are, in a folder that more than one program may write to. Files that are named alike are a
 * family; a family that follows the uploads is the target's, one that comes with time is a stranger's.
 */

/** Births in one family, by what the target was given to do at the time. */
export interface Births {
  /** Before the first upload; between uploads and after them; while uploads were in flight. */
  before: number;
  quiet: number;
  uploading: number;
  /** Tenths of a second with a birth, between uploads and during them: a burst counts as one. */
  quietMoments: number;
  uploadingMoments: number;
  /** In how many rounds of uploads there was one, and the first of them, from 1. */
  rounds: number;
  firstRound?: number;
  /** The target was seen to hold one open for writing. */
  held: boolean;
}

/** What was watched so far: seconds, rounds of uploads, uploads. */
export interface Watched {
  before: number;
  quiet: number;
  uploading: number;
  rounds: number;
  uploads: number;
}

/** `open` if it cannot be decided yet, and would matter. */
export type FileOwner = 'target' | 'stranger' | 'open';

export function noBirths(): Births {
  return {
    before: 0,
    quiet: 0,
    uploading: 0,
    quietMoments: 0,
    uploadingMoments: 0,
    rounds: 0,
    held: false,
  };
}

export function nothingWatched(): Watched {
  return { before: 0, quiet: 0, uploading: 0, rounds: 0, uploads: 0 };
}

/**
 * At least this many moments with births must be expected before their absence means something: by chance
 * none comes in e^-5, 0.7%.
 */
const enough = 5;
/**
 * Files that uploads leave behind come with them: births per second without uploads are at most this share of
 * those with.
 */
const fewest = 0.1;
/**
 * Births per second with uploads over those without: above this, a stranger's files may be mixed with the
 * target's.
 */
const mixed = 2;
/** Files per upload: a quarter of the smallest growth that is called a leak. Fewer change no verdict. */
const idleTalk = 0.0125;

/** The owner of a family; `shared` if somebody else was seen to write to the folder. */
export function ownerOf(births: Births, watched: Watched, shared: boolean): FileOwner {
  const without = births.before + births.quiet;
  if (births.held) return 'target';
  if (without === 0 && !shared) return 'target';
  const secondsWithout = watched.before + watched.quiet;
  const rate = births.uploading / Math.max(watched.uploading, 1e-3);
  const rateWithout = without / Math.max(secondsWithout, 1e-3);
  const steady = isSteady(births, watched);
  const expected = (births.uploadingMoments / Math.max(watched.uploading, 1e-3)) * secondsWithout;
  if (steady && rateWithout <= fewest * rate && expected >= enough) return 'target';
  if (steady && beganWithUploads(births, watched)) return 'target';
  const perUpload = births.uploading / Math.max(watched.uploads, 1);
  if (perUpload < idleTalk) return 'stranger';
  if (without === 0) return 'open';
  return steady && rate > mixed * rateWithout && exceeds(births, rateWithout * watched.uploading)
    ? 'open'
    : 'stranger';
}

/** Whether it came in most rounds of uploads since the first: in at least three, if there were as many. */
function isSteady({ rounds, firstRound }: Births, watched: Watched): boolean {
  if (firstRound === undefined || rounds < Math.min(3, watched.rounds)) return false;
  return rounds >= (watched.rounds - firstRound + 1) / 2;
}

/** A queue's backlog goes on between rounds as well, but there was none before the first upload. */
function beganWithUploads(births: Births, watched: Watched): boolean {
  const moments = births.quietMoments + births.uploadingMoments;
  const expected = (moments / Math.max(watched.quiet + watched.uploading, 1e-3)) * watched.before;
  return births.before === 0 && births.firstRound === 1 && expected >= enough;
}

/** Whether there are more than by chance: five times the spread of a count. */
function exceeds({ uploading }: Births, expected: number): boolean {
  return uploading - expected > 5 * Math.sqrt(Math.max(expected, 1));
}
