import { readdir } from 'node:fs/promises';
import { expect } from 'vitest';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';

/** `--json` with what is a body in curl: nothing of it is written, sent or shown. */
function body(name: string, words: string): Fault {
  return {
    name,
    group: 'input',
    done: `\`leakhunt ${words}\``,
    says: /--json takes a file to write to, but this looks like a body, as in curl: .*leakhunt curl -- curl --json/,
    exitCode: 2,
    record: false,
    run: async folder => {
      const ended = await shell(`leakhunt ${words}`, folder);
      expect(ended.stderr).not.toContain('geheim');
      expect(await readdir(folder)).toEqual([]);
      return ended;
    },
  };
}

/** Words that mean one thing to curl and another to leakhunt. */
export const wordFaults: Fault[] = [
  body(
    'a body behind --json is refused with what curl means by it',
    `upload http://127.0.0.1:1/ --json '{"a":"geheim"}'`,
  ),
  body('a list behind --json is refused alike', `upload http://127.0.0.1:1/ --json ' ["geheim"]'`),
  body('a text behind --json is refused alike', `upload http://127.0.0.1:1/ --json '"geheim"'`),
  body('a file of a body behind --json is refused alike', 'upload http://127.0.0.1:1/ --json @geheim.json'),
  body(
    'a body behind --json is refused where two servers are compared, too',
    `compare http://127.0.0.1:1/ http://127.0.0.1:2/ --json '{"a":"geheim"}'`,
  ),
];
