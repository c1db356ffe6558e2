import { usageError } from '../../errors.js';

/** Content-Transfer-Encodings (RFC 2045, section 6) that curl can write. */
export const encoders = ['binary', '8bit', '7bit', 'base64', 'quoted-printable'] as const;
export type Encoder = (typeof encoders)[number];

const longestLine = 76;

/** Encodes the content of a part as curl does. Throws a usage error for bytes that `7bit` does not allow. */
export function encode(bytes: Buffer, encoder: Encoder, shown: string): Buffer {
  switch (encoder) {
    case 'base64':
      return Buffer.from(bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n'));
    case 'quoted-printable':
      return Buffer.from(quotedPrintable(bytes));
    case '7bit':
      if (bytes.some(byte => byte > 0x7f)) {
        throw usageError(
          'BAD_FORM',
          `${shown} is not ASCII, which ;encoder=7bit requires: use ;encoder=8bit or ;encoder=base64.`,
        );
      }
      return bytes;
    default:
      return bytes;
  }
}

/** RFC 2045, section 6.7: line ends stay, and blanks before them are escaped. */
function quotedPrintable(bytes: Buffer): string {
  let encoded = '';
  let column = 0;
  const endsLine = (at: number) => at >= bytes.length || (bytes[at] === 13 && bytes[at + 1] === 10);
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    if (byte === 13 && bytes[i + 1] === 10) {
      encoded += '\r\n';
      column = 0;
      i += 1;
      continue;
    }
    const blank = byte === 9 || byte === 32;
    const literal = blank ? !endsLine(i + 1) : byte > 32 && byte < 127 && byte !== 61;
    const text = literal ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    // The last column is for the "=" of a soft line break, unless the line ends here anyway.
    if (column + text.length > longestLine - (endsLine(i + 1) ? 0 : 1)) {
      encoded += '=\r\n';
      column = 0;
    }
    encoded += text;
    column += text.length;
  }
  return encoded;
}
