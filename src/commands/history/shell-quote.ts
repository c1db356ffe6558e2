/** A word as a POSIX shell reads it back: in single quotes if any character could have a meaning. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
