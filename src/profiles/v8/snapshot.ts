import { badProfile } from './bad-profile.js';
import type { Snapshot } from './heap-graph.js';
import { Scanner } from './scanner.js';
import { ScanError } from './sections.js';
import { SnapshotBuilder } from './snapshot-builder.js';

/**
 * Reads a .heapsnapshot of any size, as it comes: it is never held as a text, and what it declares is
 * believed only as far as data follows. Throws `BAD_PROFILE` for anything but a whole snapshot.
 */
export async function readSnapshot(pieces: AsyncIterable<Uint8Array | string>): Promise<Snapshot> {
  const reader = new SnapshotReader();
  for await (const piece of pieces) reader.write(piece);
  return reader.end();
}

/** The same for a caller that gets the pieces in another way. */
export class SnapshotReader {
  readonly #builder = new SnapshotBuilder();
  readonly #scanner = new Scanner(this.#builder);
  readonly #encoder = new TextEncoder();
  #bytes = 0;

  write(piece: Uint8Array | string): void {
    const bytes = typeof piece === 'string' ? this.#encoder.encode(piece) : piece;
    this.#bytes += bytes.length;
    orBadProfile(() => this.#scanner.write(bytes));
  }

  end(): Snapshot {
    return orBadProfile(() => {
      this.#scanner.end();
      return this.#builder.snapshot(this.#bytes);
    });
  }
}

/** The engine throws a `RangeError` if there is no memory for a column. */
function orBadProfile<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof ScanError) && !(error instanceof RangeError)) throw error;
    throw badProfile('heap snapshot', error.message, error);
  }
}
