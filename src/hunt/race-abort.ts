/** The result of a promise, or undefined as soon as the signal aborts: a hung target is not waited for. */
export async function raceAbort<Result>(
  work: Promise<Result>,
  signal?: AbortSignal,
): Promise<Result | undefined> {
  if (!signal) return work;
  work.catch(() => {}); // the race reports it, unless it was aborted: then nobody needs it any more
  let abort = () => {};
  const aborted = new Promise<undefined>(resolve => {
    abort = () => resolve(undefined);
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
