/** A longer name of a function or file is cut here: a target could invent one of any length. */
const longestName = 1000;

export function nameOf(text: string): string {
  return text.length > longestName ? `${text.slice(0, longestName)}…` : text;
}
