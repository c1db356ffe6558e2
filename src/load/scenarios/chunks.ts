import type { Readable } from 'node:stream';

/** A body piece by piece, none larger than `largestPiece`. */
export type Pieces = AsyncGenerator<Buffer, void>;

/** Small enough for what the server says in the meantime to be read between two of them. */
const largestPiece = 64 * 1024;

/** A body's pieces, be it held in memory or streamed from disk, which is not opened before the first is asked for. */
export async function* piecesOf(open: () => Buffer | Buffer[] | Readable): Pieces {
  const source = open();
  const chunks = Buffer.isBuffer(source) ? [source] : source;
  for await (const chunk of chunks as AsyncIterable<Buffer> | Buffer[]) {
    for (let at = 0; at < chunk.length; at += largestPiece) yield chunk.subarray(at, at + largestPiece);
  }
}

/** The first `size` bytes of a body, and another end. */
export async function* firstOf(pieces: Pieces, size: number, end: Buffer): Pieces {
  const reader = new PieceReader(pieces);
  try {
    yield* reader.upTo(size);
  } finally {
    await reader.close();
  }
  yield* piecesOf(() => end);
}

/** Frames a piece for the wire; the end of the body where there is none. */
export type Framing = (piece: Buffer | undefined) => Buffer;

const nothing = Buffer.alloc(0);

/** As the bytes stand. */
export const plainly: Framing = (piece = nothing) => piece;

/** In the chunked transfer coding (RFC 9112, section 7.1). */
export const inChunks: Framing = piece =>
  piece
    ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
    : Buffer.from('0\r\n\r\n');

/** Reads pieces up to one byte after another. */
export class PieceReader {
  readonly #pieces: Pieces;
  /** How many bytes were read. */
  at = 0;
  /** What was read but lies behind the last stop. */
  #rest: Buffer | undefined;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  /** The pieces from where it is to byte `end` of the body, fewer where the body is shorter. */
  async *upTo(end: number): Pieces {
    while (this.at < end) {
      const piece = this.#rest ?? (await this.#pieces.next()).value;
      if (!piece) return;
      const taken = piece.subarray(0, end - this.at);
      this.#rest = taken.length < piece.length ? piece.subarray(taken.length) : undefined;
      this.at += taken.length;
      yield taken;
    }
  }

  /** Closes the file behind them. */
  async close(): Promise<void> {
    await this.#pieces.return();
  }
}
