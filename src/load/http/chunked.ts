import { Readable } from 'node:stream';

/** The most that curl puts into one chunk. */
const chunkSize = 64 * 1024;
const last = Buffer.from('0\r\n\r\n');
const lineEnd = Buffer.from('\r\n');

/** A body in the chunked transfer coding (RFC 9112, section 7.1). */
export function chunked(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += chunkSize)
    pieces.push(...chunk(body.subarray(at, at + chunkSize)));
  return Buffer.concat([...pieces, last]);
}

/** The same for a stream; each piece becomes a chunk. */
export function chunkedStream(body: Readable): Readable {
  return Readable.from(chunksOf(body));
}

async function* chunksOf(body: Readable): AsyncGenerator<Buffer> {
  for await (const piece of body) yield* chunk(piece);
  yield last;
}

/** An empty chunk would end the body. */
function chunk(bytes: Buffer): Buffer[] {
  return bytes.length === 0 ? [] : [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, lineEnd];
}
