import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { curlOptions } from '../../src/commands/curl/table.js';
import { addHuntOptions } from '../../src/commands/upload/upload.js';
import { describeWith } from '../support/toolchain.js';

const doc = readFileSync(new URL('../../docs/curl.md', import.meta.url), 'utf8');

describe('the table of curl options', () => {
  test('has every name and every letter once', () => {
    const names = curlOptions.flatMap(({ name, short }) =>
      short === undefined ? [name] : [name, `-${short}`],
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test('is in docs/curl.md, row by row', () => {
    const missing = curlOptions.filter(({ name, short }) => {
      const shown = short === undefined ? `\`--${name}\`` : `\`-${short}, --${name}\``;
      return !doc.includes(shown);
    });
    expect(missing).toEqual([]);
  });

  test('is there with the words of the help', () => {
    const told = curlOptions.filter(({ effect }) => effect !== 'none').map(({ note }) => note);
    const inTable = (note: string) => `| ${note.replace(/[<|]/g, '\\\\$&')} |`;
    expect(told.filter(note => !doc.includes(inTable(note)))).toEqual([]);
  });

  test('shares few names with leakhunt, which docs/curl.md names', () => {
    const upload = new Command('upload');
    addHuntOptions(upload);
    const curls = new Set(curlOptions.flatMap(({ name, short }) => [`--${name}`, `-${short}`]));
    const shared = upload.options
      .flatMap(({ short, long }) => [short, long])
      .filter(name => curls.has(name!));
    expect(shared).toContain('--json');
    expect(shared.filter(name => !doc.includes(`\`${name}\``))).toEqual([]);
  });
});

describeWith('curl', 'the table of curl options', () => {
  test('knows those of the curl that is installed, and which take a value', () => {
    const help = spawnSync('curl', ['--help', 'all'], { encoding: 'utf8' }).stdout;
    const rows = [...help.matchAll(/^ (?:-(\S),| {3}) --(\S+)( [<[])?/gm)];
    const known = new Map(curlOptions.map(option => [option.name, option]));
    const shared = rows.filter(([, , name]) => known.has(name!));
    // A newer curl has more of them, which are refused as unknown.
    expect(shared.length).toBeGreaterThan(200);
    for (const [, short, name, value] of shared) {
      const { short: ours, value: ourValue } = known.get(name!)!;
      expect({ name, short: ours, value: ourValue !== undefined }).toEqual({
        name,
        short,
        value: value !== undefined,
      });
    }
  });
});
