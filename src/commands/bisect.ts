import { exitCodes } from '../exit-codes.js';

/** What `git bisect run` takes for "this commit cannot be tested". */
const skip = 125;

/**
 * The exit code that `git bisect run` understands: 0 is good, 1 is bad, and whatever is neither is skipped, a commit
 * that cannot be built or measured as well. An interruption stays what it is: above 127, it ends the bisection.
 */
export function bisectCode(code: number): number {
  const kept: number[] = [exitCodes.flat, exitCodes.leak, exitCodes.interrupted];
  return kept.includes(code) ? code : skip;
}
