/** A word as a POSIX shell reads it back: single quotes around all that could have a meaning. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
