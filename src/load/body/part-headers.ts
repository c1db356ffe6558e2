/** curl's own table (lib/mime.c); a file with any other extension is an octet stream. */
const types: [string, string][] = [
  ['.gif', 'image/gif'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain'],
  ['.htm', 'text/html'],
  ['.html', 'text/html'],
  ['.pdf', 'application/pdf'],
  ['.xml', 'application/xml'],
];

/** The type that curl derives from a file name's extension. */
export function typeByEnding(name: string | undefined): string | undefined {
  const lower = name?.toLowerCase();
  return types.find(([ending]) => lower?.endsWith(ending))?.[1];
}

/**
 * The headers in a file, as curl reads them for a part of a form: empty lines and lines that begin with `#`
 * are left out, and a line that begins with a blank continues the one before it.
 */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.replaceAll('\r', '').split('\n')) {
    if (line.startsWith('#')) continue;
    if (/^\s/.test(line) && lines.length > 0) lines[lines.length - 1] += line.trimEnd();
    else if (line.trim() !== '') lines.push(line.trimEnd());
  }
  return lines;
}
