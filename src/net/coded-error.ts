/** An error that is counted by its code (`ECONNRESET`, `TIMEOUT`). */
export function codedError(code: string, message: string, more?: object): Error & { code: string } {
  return Object.assign(new Error(message), { code }, more);
}
