import { freemem } from 'node:os';
import type { Cdp } from './cdp.js';

/**
 * Longest wait (ms) for the next sign of progress: V8 reports it while it walks the heap, then chunk by
 * chunk.
 */
const longestSilence = 120_000;
/** Longest wait (ms) for the whole: V8 writes some 50 MB a second. */
const longestSnapshot = 300_000;
/** No heap that Node allows by default has a larger snapshot. */
const largest = 16 * 2 ** 30;
/** A reader may take this share of the machine's free memory, and no more bytes than that. */
const share = 0.5;
const mostMemory = 8 * 2 ** 30;

/**
 * A heap snapshot of the target (.heapsnapshot JSON), piece by piece as it is sent; V8 collects garbage
 * first. The target is paused meanwhile. Pieces that are not yet asked for wait here, because CDP has no
 * back-pressure; after an early return, V8 still finishes, for nobody.
 */
export async function* takeSnapshot(
  cdp: Cdp,
  silence = longestSilence,
  longest = longestSnapshot,
): AsyncGenerator<string> {
  const memory = process.memoryUsage.rss() + Math.min(share * freemem(), mostMemory);
  const pieces: string[] = [];
  let wake = () => {};
  let ended = false;
  let sent = 0;
  let failure: unknown;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    wake();
  }, longest);
  const off = cdp.on<{ chunk?: unknown }>('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    pieces.push(String(chunk));
    wake();
  });
  cdp
    .call('HeapProfiler.takeHeapSnapshot', { reportProgress: true }, { silence })
    .catch(error => {
      failure = error;
    })
    .finally(() => {
      ended = true;
      wake();
    });
  try {
    while (true) {
      const ready = pieces.splice(0);
      sent += ready.reduce((sum, piece) => sum + piece.length, 0);
      if (isLate) throw new Error(`the heap snapshot was not complete after ${longest / 1000} s`);
      if (process.memoryUsage.rss() > memory)
        throw new Error('the heap snapshot needs more memory than this machine has free');
      if (sent > largest) throw new Error('the heap snapshot is larger than 16 GiB');
      if (ready.length > 0) yield* ready;
      else if (failure) throw failure;
      else if (ended) return;
      else
        await new Promise<void>(resolve => {
          wake = resolve;
        });
    }
  } finally {
    clearTimeout(timer);
    off();
  }
}
