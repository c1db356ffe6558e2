import { type LeakhuntError, targetError } from '../../errors.js';

/** A profile that cannot be used: a sentence without a full stop, with the offending value. Exit code 4. */
export function badProfile(problem: string, options?: ErrorOptions): LeakhuntError {
  return targetError('BAD_PROFILE', `${problem}: fetch the profile again.`, options);
}
