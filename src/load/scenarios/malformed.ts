import type { Flaw } from '../scenario.js';
import type { FormShape } from './form-shape.js';

/** Larger than any server allows for the header of a part. */
const hugeHeader = 128 * 1024;

/**
 * Names that would leave the upload folder, on Unix and on Windows. Nothing of value is at their destination.
 */
const pathNames = ['../../etc/leakhunt', 'C:\\leakhunt.txt'];

/**
 * What replaces the closing delimiter to make a form malformed: it begins with a line end, after the content
 * of the last good part.
 */
export function spoiled(flaw: Flaw, { boundary, field }: Pick<FormShape, 'boundary' | 'field'>): Buffer {
  const part = (...headers: string[]) => `\r\n--${boundary}\r\n${headers.join('\r\n')}\r\n\r\nleakhunt`;
  const file = (filename: string) => `${fieldNamed(field)}; filename="${filename}"`;
  const closing = `\r\n--${boundary}--\r\n`;
  switch (flaw) {
    case 'wrong-boundary':
      return bytes(part(fieldNamed('note')), `\r\n--not-${boundary}--\r\n`);
    case 'nameless-part':
      return bytes(part('Content-Disposition: form-data; filename="nameless.txt"'), closing);
    case 'broken-header':
      return bytes(part(file('broken.txt'), 'a line without a colon', 'X-Bare: carriage\rreturn'), closing);
    case 'huge-header':
      return bytes(part(file('huge.txt'), `X-Huge: ${'a'.repeat(hugeHeader)}`), closing);
    case 'nested': // RFC 7578, section 4.3, gave this up; the inner form is never closed either
      return bytes(
        `\r\n--${boundary}\r\n${fieldNamed(field)}\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n`,
        '--inner\r\nContent-Disposition: file; filename="first.txt"\r\n\r\nleakhunt\r\n',
        '--inner\r\nContent-Disposition: file; filename="second.txt"\r\n\r\nleakhunt',
        closing,
      );
    case 'zero-parts':
      return bytes(closing);
    case 'duplicate-fields':
      return bytes(part(file('again.txt')), part(file('again.txt')), part(fieldNamed(field)), closing);
    case 'path-filename':
      return bytes(...pathNames.map(name => part(file(name))), closing);
  }
}

/**
 * Whether the flaw comes after the form's own parts: leaks are found where a good file comes before the bad
 * part.
 */
export function keepsParts(flaw: Flaw, alone: boolean): boolean {
  return !alone && flaw !== 'zero-parts';
}

function fieldNamed(name: string): string {
  return `Content-Disposition: form-data; name="${name}"`;
}

function bytes(...texts: string[]): Buffer {
  return Buffer.from(texts.join(''), 'latin1');
}
