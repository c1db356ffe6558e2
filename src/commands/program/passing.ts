import { exitCodes } from '../../exit-codes.js';

/** What the user wants to count as passed, and who asks. */
export interface Passing {
  /** Whether a hunt without a verdict counts as passed. */
  allowInconclusive?: boolean;
  /** Whether `git bisect run` asks. */
  bisect?: boolean;
}

/** The exit code that `git bisect run` takes for "this commit cannot be tested". */
const skip = 125;
/**
 * For `git bisect run`, 0 is good and 1 is bad; above 127 it ends the bisection, as an interruption should.
 */
const ofBisect: number[] = [exitCodes.flat, exitCodes.leak, exitCodes.interrupted];

/** The exit code for what the work came to: the only place that lets anything pass. */
export function passed(code: number, { allowInconclusive, bisect }: Passing): number {
  const allowed = code === exitCodes.inconclusive && allowInconclusive ? exitCodes.flat : code;
  return bisect && !ofBisect.includes(allowed) ? skip : allowed;
}

/**
 * Whether `--bisect` was given: no file can set it, and it also holds for a command line that could not be
 * parsed.
 */
export function passingIn(argv: readonly string[]): Passing {
  const end = argv.indexOf('--');
  return { bisect: argv.slice(0, end < 0 ? undefined : end).includes('--bisect') };
}
