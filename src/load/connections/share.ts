/** One thread's part of a round. */
export interface Share {
  uploads: number;
  concurrency: number;
  /** Uploads are numbered from here, in these steps, so that no two of a hunt have the same number. */
  serial: number;
  step: number;
}

/** The part of thread `place` (from 0), if `count` threads share the whole. */
export function partOf({ uploads, concurrency, serial }: Share, count: number, place: number): Share {
  const part = (of: number) => Math.floor(of / count) + (place < of % count ? 1 : 0);
  return {
    uploads: Number.isFinite(uploads) ? part(uploads) : uploads,
    concurrency: part(concurrency),
    serial: serial + place,
    step: count,
  };
}
