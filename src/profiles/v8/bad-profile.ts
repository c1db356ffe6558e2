import { targetError } from '../../errors.js';

/** `what` names the profile, `why` completes the sentence: both without a full stop. */
export function badProfile(what: string, why: string, cause?: unknown): Error {
  return targetError(
    'BAD_PROFILE',
    `The target's ${what} could not be read: ${why}. Hunt again; if this persists, this Node version may use a different format.`,
    cause === undefined ? undefined : { cause },
  );
}
