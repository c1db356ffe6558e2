import { gunzipSync } from 'node:zlib';
import { codeOf } from '../../errors.js';
import { badProfile } from './bad-profile.js';

/** Deflate cannot pack more than 1,032 bytes into one. Source: zlib's technical details. */
const densest = 1032;

/** The bytes of a profile, unpacked if they are gzip. More than `limit` bytes are refused, not produced. */
export function unpack(bytes: Uint8Array, limit: number): Uint8Array {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!packed) {
    if (bytes.length > limit) throw tooLarge(limit);
    return bytes;
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: limit, chunkSize: expected(bytes, limit) });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw badProfile('The profile is incomplete: its gzip data could not be decompressed', { cause: error });
  }
}

/** A chunk of the size in the trailer, which may lie, avoids a copy. Source: RFC 1952, ISIZE. */
function expected(bytes: Uint8Array, limit: number): number {
  const told = new DataView(bytes.buffer, bytes.byteOffset + Math.max(0, bytes.length - 4));
  const size = bytes.length < 18 ? 0 : told.getUint32(0, true);
  return Math.max(1024, Math.min(size + 1, bytes.length * densest, limit));
}

function tooLarge(limit: number): Error {
  return badProfile(
    `The profile is larger than ${limit} bytes when decompressed, which is the most that leakhunt reads`,
  );
}
