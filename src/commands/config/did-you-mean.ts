/**
 * The known word that `word` was probably meant to be (at most a third of its letters differ), if there is
 * one.
 */
export function meant(word: string, known: Iterable<string>): string | undefined {
  const ranked = [...known].map(each => ({
    each,
    edits: editsBetween(word.toLowerCase(), each.toLowerCase()),
  }));
  const best = ranked.sort((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= Math.max(1, word.length / 3) ? best.each : undefined;
}

/** `: did you mean "url"?`, or what else to do. */
export function hintFor(word: string, known: Iterable<string>, otherwise: string): string {
  const found = meant(word, known);
  return found === undefined ? otherwise : `did you mean "${found}"?`;
}

/** The least number of letters to insert, delete or replace (Levenshtein 1965). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
