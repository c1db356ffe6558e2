import { type ExitCode, exitCodes } from './exit-codes.js';

/** An error meant for the user: one sentence with the offending value, and the next step. */
export class LeakhuntError extends Error {
  override name = 'LeakhuntError';

  constructor(
    /** Stable and short, for programs: `BAD_SIZE`, `TARGET_LOST`. */
    readonly code: string,
    message: string,
    readonly exitCode: ExitCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The command line or the configuration is wrong (exit 2). */
export function usageError(code: string, message: string, options?: ErrorOptions): LeakhuntError {
  return new LeakhuntError(code, message, exitCodes.usage, options);
}

/** The target could not be measured (exit 4). */
export function targetError(code: string, message: string, options?: ErrorOptions): LeakhuntError {
  return new LeakhuntError(code, message, exitCodes.unmeasurable, options);
}

/** The same error with something added. */
export function withNotes(error: LeakhuntError, notes: readonly string[]): LeakhuntError {
  if (notes.length === 0) return error;
  return new LeakhuntError(error.code, [error.message, ...notes].join(' '), error.exitCode, { cause: error });
}

/** The same error in other words. Its stack, which holds the old ones, is dropped. */
export function reworded(error: LeakhuntError, reword: (message: string) => string): LeakhuntError {
  const message = reword(error.message);
  if (message === error.message) return error;
  return new LeakhuntError(error.code, message, error.exitCode);
}

/** The text of anything that was thrown, and of its cause where Node hides the reason there. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  const cause = error.cause instanceof Error ? messageOf(error.cause) : '';
  return cause && !error.message.includes(cause) ? `${error.message}: ${cause}` : error.message;
}

/** The system's code of an error (`ECONNREFUSED`), its own or its cause's. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code : codeOf(error.cause);
}
