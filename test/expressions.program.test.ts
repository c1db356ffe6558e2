import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { checkSync } from 'recheck';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** What is put together at run time, from our own words and from single characters. */
const putTogether = [
  'commands/outputs/place.ts',
  'commands/history/recover.ts',
  'target/processes/own-folder.ts',
  'target/start/start.ts',
  'hunt/memory-guard.ts',
  'probes/sources/jvm-attach.ts',
  'record/conforms.ts',
];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  name => name.endsWith('.ts') && !name.endsWith('.generated.ts'),
);
const found = files.map(name => ({ name, ...expressionsIn(join(src, name)) }));

/** The regular expressions of a source file, and how many it makes with `new RegExp`. */
function expressionsIn(path: string): { literals: { pattern: string; flags: string }[]; made: number } {
  const literals: { pattern: string; flags: string }[] = [];
  let made = 0;
  const { program } = parseSync(path, readFileSync(path, 'utf8'));
  new Visitor({
    Literal(node) {
      if ('regex' in node) literals.push(node.regex);
    },
    NewExpression({ callee }) {
      if (callee.type === 'Identifier' && callee.name === 'RegExp') made += 1;
    },
  }).visit(program);
  return { literals, made };
}

/**
 * Shown to be linear for any text, or tried where an expression looks ahead: what a target says may be long, and made for
 * the purpose.
 */
test('no regular expression takes more than linear time', () => {
  const seen = new Map<string, string>();
  for (const { name, literals } of found) {
    for (const { pattern, flags } of literals) seen.set(`/${pattern}/${flags}`, name);
  }
  expect(seen.size).toBeGreaterThan(200);
  const bad = [...seen].flatMap(([text, name]) => {
    const end = text.lastIndexOf('/');
    const look = () => checkSync(text.slice(1, end), text.slice(end + 1), { timeout: null }).status;
    const first = look();
    // The checker has limits of time of its own: what it did not come to an end with is looked at again.
    const status = first === 'unknown' ? look() : first;
    return status === 'safe' ? [] : `${name}: ${text} is ${status}`;
  });
  expect(bad).toEqual([]);
}, 600_000);

test('few are put together at run time, and none of what a target says', () => {
  expect(found.flatMap(({ name, made }) => (made > 0 ? name : [])).sort()).toEqual([...putTogether].sort());
});
