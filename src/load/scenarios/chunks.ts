import type { Readable } from 'node:stream';

/** A body chunk by chunk, none larger than `largestChunk`. */
export type Chunks = AsyncGenerator<Buffer, void>;

/** Small enough for the server's response to be read between two of them. */
const largestChunk = 64 * 1024;

/**
 * A body's chunks, from memory or streamed from disk; the file is opened when the first chunk is asked for.
 */
export async function* chunksOf(open: () => Buffer | Buffer[] | Readable): Chunks {
  const source = open();
  const chunks = Buffer.isBuffer(source) ? [source] : source;
  for await (const chunk of chunks as AsyncIterable<Buffer> | Buffer[]) {
    for (let at = 0; at < chunk.length; at += largestChunk) yield chunk.subarray(at, at + largestChunk);
  }
}

/** The first `size` bytes of a body, followed by another end. */
export async function* firstOf(chunks: Chunks, size: number, end: Buffer): Chunks {
  const reader = new ChunkReader(chunks);
  try {
    yield* reader.upTo(size);
  } finally {
    await reader.close();
  }
  yield* chunksOf(() => end);
}

/** Frames a chunk for the wire, or the end of the body if there is none. */
export type Framing = (chunk: Buffer | undefined) => Buffer;

const nothing = Buffer.alloc(0);

/** Unframed. */
export const identityFraming: Framing = (chunk = nothing) => chunk;

/** In the chunked transfer coding (RFC 9112, section 7.1). */
export const chunkedFraming: Framing = chunk =>
  chunk
    ? Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
    : Buffer.from('0\r\n\r\n');

/** Reads chunks up to one byte after another. */
export class ChunkReader {
  readonly #chunks: Chunks;
  /** How many bytes were read. */
  at = 0;
  /** What was read beyond the last stop. */
  #rest: Buffer | undefined;

  constructor(chunks: Chunks) {
    this.#chunks = chunks;
  }

  /** The chunks from the current position to byte `end` of the body, fewer if the body is shorter. */
  async *upTo(end: number): Chunks {
    while (this.at < end) {
      const chunk = this.#rest ?? (await this.#chunks.next()).value;
      if (!chunk) return;
      const taken = chunk.subarray(0, end - this.at);
      this.#rest = taken.length < chunk.length ? chunk.subarray(taken.length) : undefined;
      this.at += taken.length;
      yield taken;
    }
  }

  /** Closes the file behind them. */
  async close(): Promise<void> {
    await this.#chunks.return();
  }
}
