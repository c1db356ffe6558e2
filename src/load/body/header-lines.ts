/**
 * The headers in a file, as curl reads it for a part of a form: empty lines and those that begin with `#` are
 * left out, and a line that begins with a blank goes on with the one before it.
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
