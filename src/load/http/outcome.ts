import type { LeakhuntError } from '../../errors.js';
import type { Response } from './response.js';

/** What became of one upload: an answer, whatever its status, or the code of the error in its place. */
export type Outcome = Response | Unanswered;

export interface Unanswered {
  error: string;
  message: string;
  /** A mistake of the user's (a file that changed) is no failure of the target: it ends the round. */
  fatal?: LeakhuntError;
}
