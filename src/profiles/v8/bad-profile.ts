import { targetError } from '../../errors.js';

/** `what` names the profile, `why` completes the sentence: both without a full stop. */
export function badProfile(what: string, why: string, cause?: unknown): Error {
  return targetError(
    'BAD_PROFILE',
    `The target's ${what} cannot be read: ${why}. Hunt again; if it stays so, the Node version may write another format.`,
    cause === undefined ? undefined : { cause },
  );
}
