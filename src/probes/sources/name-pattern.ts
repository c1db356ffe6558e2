/** `/tmp/multipart-1837465` as `/tmp/multipart-*`; the number of a pipe or a socket is left out. */
export function patternOf(path: string): string {
  const inode = /^(pipe|socket):\[\d+\]$/.exec(path)?.[1];
  if (inode) return inode;
  return path.split('/').map(segment).join('/');
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

function segment(text: string): string {
  const parts = text
    .replace(uuid, '*')
    .split(/([-._ ]+)/)
    .map((part, i) => (i % 2 === 0 ? word(part) : part));
  return parts.join('').replace(/\*(?:[-_]?\*)+/g, '*');
}

/**
 * The part of a word that is the same from file to file. Random parts: words with a digit among or after the
 * letters, the six letters of mkdtemp(3) and the eight of Python's tempfile.
 */
function word(text: string): string {
  if (/^tmp[a-z0-9]{2,}$/.test(text)) return 'tmp*';
  // This goes before numbered words: some random hexadecimal words begin with letters and go on with digits.
  if (/^[0-9a-f]{8,}$/i.test(text)) return '*';
  const numbered = /^([a-z]{2,}?)\d{3,}$/i.exec(text)?.[1];
  if (numbered) return `${numbered}*`;
  if (/^\d+$/.test(text)) return '*';
  const random = text.length >= 5 && /\d/.test(text) && /[a-z]/i.test(text) && !/^[a-z]+\d{1,2}$/.test(text);
  const mixedCase = text.length === 6 && /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(text);
  return random || mixedCase ? '*' : text;
}

/**
 * The family of a file by its name in its folder. A name without a fixed part is distinguished by its length
 * and letters; one without a random part only by its extension.
 */
export function familyOf(name: string): string {
  const pattern = patternOf(name);
  if (!pattern.includes('*')) return `.${name.split('.').slice(1).at(-1) ?? ''}`;
  const fixed = pattern.replace(/\.[a-z]\w{0,9}$/i, '');
  if (/[a-z]/i.test(fixed)) return pattern;
  if (/^\d+(\.|$)/.test(name)) return `${pattern} (number)`;
  const alphabet = /^[0-9a-f]+(\.|$)/i.test(name) ? 'hex' : 'any';
  return `${pattern} (${alphabet}, ${name.length})`;
}
