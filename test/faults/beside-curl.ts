import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Listener, Listeners } from './listeners.js';
import type { Ended, Fault } from './row.js';
import { shell } from './shell.js';

/** The same flags for curl and for leakhunt. */
export interface Trip {
  /** All flags of the connection, in words of a shell. */
  flags: string;
  url: string;
  env?: Record<string, string>;
  /** Whoever may see something of it. */
  at: Listener[];
}

/** A short hunt whose verdict is always the same: inconclusive, exit code 3. */
export const quick =
  '-n 2 -c 1 --rounds 3 --warm-up 0 --settle 0.1 --no-save --probe \'exec=echo {\\"open-files\\":5}\'';

interface Row {
  name: string;
  done: string;
  trip(listeners: Listeners, folder: string): Promise<Trip>;
}

/** leakhunt's uploads reach what curl's reach, in the same way. */
export function alike(row: Row): Fault {
  return {
    name: row.name,
    group: 'network',
    done: row.done,
    exitCode: 3,
    run: async folder => {
      const { curl, leakhunt, ended } = await both(row, folder);
      expect(curl.ended).toMatchObject({ code: 0, stdout: '200' });
      expect(leakhunt).toEqual(curl.seen);
      expect(curl.seen).not.toEqual([]);
      return ended;
    },
  };
}

/** What curl does not get through either, leakhunt refuses in a sentence. */
export function refused(row: Row & { says: RegExp; exitCode?: number }): Fault {
  const { name, done, says, exitCode = 4 } = row;
  return {
    name,
    group: 'network',
    done,
    says,
    exitCode,
    run: async folder => {
      const { curl, ended } = await both(row, folder);
      expect(curl.ended.code !== 0 || /^[45]/.test(curl.ended.stdout)).toBe(true);
      return ended;
    },
  };
}

/** curl gets through, and leakhunt refuses: documented, each. */
export function stricter(row: Row & { says: RegExp; exitCode: number }): Fault {
  const { name, done, says, exitCode } = row;
  return {
    name,
    group: 'network',
    done,
    says,
    exitCode,
    run: async folder => (await both(row, folder)).ended,
  };
}

async function both({ trip }: Row, folder: string) {
  await using listeners = new Listeners();
  const { flags, url, env, at } = await trip(listeners, folder);
  await writeFile(join(folder, 'a.txt'), 'some text\n');
  const seen = () => [...new Set(at.flatMap(listener => listener.seen.splice(0)))];
  const upload = `-F file=@a.txt ${flags}`;
  const curl: Ended = await shell(`curl -sS -m 5 -o answer -w '%{http_code}' ${upload} '${url}'`, folder, {
    env,
  });
  const byCurl = seen();
  const words = `leakhunt upload '${url}' ${upload} ${quick} --json record.json`;
  const ended = await shell(words, folder, { env });
  const told = { ...ended, stderr: `${ended.stderr}${await errorIn(join(folder, 'record.json'))}` };
  return { curl: { ended: curl, seen: byCurl }, leakhunt: seen(), ended: told };
}

/** What a report says went wrong, without its line breaks: it stands on standard output. */
async function errorIn(path: string): Promise<string> {
  const record = JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as {
    error?: { message: string };
  };
  return record.error?.message ?? '';
}
