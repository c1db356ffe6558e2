import { patternOf } from '../probes/sources/name-pattern.js';

/** A smaller part of the names is no family of its own, nor are fewer than these. */
const leastShare = 0.05;
const leastNames = 4;
/** So many characters that all names of a part begin with are a word: random ones have no three in common. */
const shortestWord = 3;
/** A shorter one is a word where it ends and few others stand in its place: of random letters there are more. */
const separator = /[/\-_. ]/;
const fewWords = 4;

/**
 * The pattern of each name, by what those that came during the hunt begin and end with: `/tmp/upload-*.part`. Words
 * that a good part of the names have in common keep families apart, whatever lies between is random. Too few names
 * to tell, and those that were there before and fit none of the patterns, are told by what random names look like.
 */
export function familiesOf(fresh: readonly string[], old: readonly string[] = []): Map<string, string> {
  const patterns = new Map<string, string>();
  const families = partsByStart(sorted(fresh, skeletonOf)).flatMap(part =>
    partsByStart(sorted(part, name => reversed(skeletonOf(name)))),
  );
  for (const names of families.filter(({ length }) => length >= leastNames)) {
    const common = commonPattern(names);
    for (const name of names) patterns.set(name, common);
  }
  const found = [...new Set(patterns.values())];
  const others = old.filter(name => {
    const family = found.find(each => fits(name, each));
    if (family !== undefined) patterns.set(name, family);
    return family === undefined;
  });
  const few = families.filter(({ length }) => length < leastNames).flat();
  for (const [name, pattern] of byLooks([...few, ...others])) patterns.set(name, pattern);
  return patterns;
}

/** Names that are like no other stand for themselves. */
function byLooks(names: readonly string[]): [name: string, pattern: string][] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const pattern = patternOf(name);
    const group = groups.get(pattern);
    if (group) group.push(name);
    else groups.set(pattern, [name]);
  }
  return [...groups].flatMap(([pattern, all]) =>
    all.map((name): [string, string] => [name, all.length > 1 ? pattern : name]),
  );
}

interface Keyed {
  name: string;
  key: string;
}

/** Numbers differ by their digits as by chance: they are one character. */
function skeletonOf(name: string): string {
  return name.replace(/\d+/g, '#');
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function sorted(names: readonly string[], keyOf: (name: string) => string): Keyed[] {
  const keyed = names.map(name => ({ name, key: keyOf(name) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
}

/** The names in parts that begin with a word of their own, and the rest, which has none in common. */
function partsByStart(all: readonly Keyed[]): string[][] {
  if (all.length === 0) return [];
  const least = Math.max(leastNames, leastShare * all.length);
  const parts: string[][] = [];
  const rest: string[] = [];
  const open = [all];
  for (let next = open.pop(); next; next = open.pop()) {
    const from = commonLength(next);
    const branches = branchesAt(next, from);
    const few = branches.length <= fewWords && branches.every(({ length }) => length >= least);
    for (const branch of branches) {
      const word = branch[0]!.key.slice(from, commonLength(branch));
      if (branch.length === all.length) return [branch.map(({ name }) => name)];
      if (branch.length < least) rest.push(...branch.map(({ name }) => name));
      else if (word.length >= shortestWord || (few && separator.test(word)) || isOne(branch))
        parts.push(...partsByStart(branch));
      else open.push(branch);
    }
  }
  return rest.length > 0 ? [...parts, rest] : parts;
}

/** Whether all keys are the same; they are sorted. */
function isOne(all: readonly Keyed[]): boolean {
  return all[0]!.key === all.at(-1)!.key;
}

/** How many characters all begin with: as many as the first and the last, since they are sorted. */
function commonLength(all: readonly Keyed[]): number {
  return prefixLength(all[0]!.key, all.at(-1)!.key);
}

function prefixLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** The names by the character that follows what they have in common. */
function branchesAt(all: readonly Keyed[], at: number): Keyed[][] {
  const branches: Keyed[][] = [];
  for (const each of all) {
    const branch = branches.at(-1);
    if (branch && branch[0]!.key[at] === each.key[at]) branch.push(each);
    else branches.push([each]);
  }
  return branches;
}

/** What names have in common, folder by folder where they have as many: `/var/spool/*` + `/body`. */
function commonPattern(names: readonly string[]): string {
  const parts = names.map(name => name.split('/'));
  const depth = parts[0]!.length;
  if (parts.some(each => each.length !== depth)) return startAndEnd(names);
  return parts[0]!.map((_, i) => startAndEnd(parts.map(each => each[i]!))).join('/');
}

function startAndEnd(texts: readonly string[]): string {
  const [first] = texts as [string, ...string[]];
  if (texts.every(each => each === first)) return first;
  const skeleton = skeletonOf(first);
  if (texts.every(each => skeletonOf(each) === skeleton)) return withCommonNumbers(texts);
  const start = Math.min(...texts.map(each => prefixLength(first, each)));
  const shortest = Math.min(...texts.map(each => each.length));
  const ends = texts.map(each => reversed(each.slice(start)));
  const end = Math.min(shortest - start, ...ends.map(each => prefixLength(ends[0]!, each)));
  // Digits, and letters after them, that are the same by chance or for a while: a time, a counter.
  const before = withoutLastNumber(first.slice(0, start));
  const after = reversed(withoutLastNumber(reversed(first.slice(first.length - end))));
  return `${before}*${after}`;
}

/** A text without the letters and digits at its end, if there is a digit among them. */
function withoutLastNumber(text: string): string {
  let at = text.length;
  while (at > 0 && /[a-z\d]/i.test(text[at - 1]!)) at -= 1;
  return /\d/.test(text.slice(at)) ? text.slice(0, at) : text;
}

/** Of names that differ in numbers alone, each number that is the same in all as it is. */
function withCommonNumbers(texts: readonly string[]): string {
  const numbers = texts.map(each => each.match(/\d+/g)!);
  let at = -1;
  return texts[0]!.replace(/\d+/g, number => {
    at += 1;
    return numbers.every(each => each[at] === number) ? number : '*';
  });
}

/** Whether a name is one of a pattern's, in which a star stands for anything but a slash. */
function fits(name: string, pattern: string): boolean {
  const [start, ...rest] = pattern.split('*') as [string, ...string[]];
  if (!name.startsWith(start)) return false;
  const end = rest.pop();
  if (end === undefined) return name === start;
  let at = start.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0 || name.slice(at, found).includes('/')) return false;
    at = found + piece.length;
  }
  return (
    name.length >= at + end.length &&
    name.endsWith(end) &&
    !name.slice(at, name.length - end.length).includes('/')
  );
}
