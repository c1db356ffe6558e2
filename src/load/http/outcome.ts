import type { LeakhuntError } from '../../errors.js';
import type { Response } from './response.js';

/** The outcome of one upload: a response, whatever its status, or the error code in its place. */
export type Outcome = Response | Unanswered;

export interface Unanswered {
  error: string;
  message: string;
  /** A mistake of the user's (a file that changed) is not a failure of the target: it ends the round. */
  fatal?: LeakhuntError;
}
