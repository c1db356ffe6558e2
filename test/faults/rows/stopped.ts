import { deepEqual, match } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended, Fault } from '../row.js';
import { onTerminal } from '../terminal.js';
import { huntLeak, huntStarted, untilReadings } from './short-hunts.js';

/** Longer than a busy machine holds anybody up; what is stopped for less is as good as waited for. */
const pause = 5;
const hunted = `-n 40 --think-time 0.02 --rounds 6 --json hunt.json`;

interface Told {
  end: string;
  leakhunt: { startedAt: string; seconds: number };
  load: { failed: number };
  warnings: string[];
}

async function toldIn(folder: string): Promise<Told> {
  return JSON.parse(await readFile(join(folder, 'hunt.json'), 'utf8')) as Told;
}

/** A hunt that came to its end, and tells how long it was stopped. */
async function ranThrough(
  ended: Ended,
  folder: string,
  told = /^leakhunt was stopped for \d/m,
): Promise<Ended> {
  const { end, warnings } = await toldIn(folder);
  deepEqual({ end, stderr: ended.stderr }, { end: 'rounds-done', stderr: ended.stderr });
  match(warnings.join('\n'), told);
  return ended;
}

/** Flags of Node that run some code before leakhunt, in its process. */
async function preloading(folder: string, code: string): Promise<string> {
  const path = join(folder, 'preloaded.mjs');
  await writeFile(path, code);
  return `--import ${path}`;
}

/** A hunt of a leak by a clock that is moved once a few readings are taken. */
async function huntByClock(folder: string, code: string): Promise<Ended> {
  const moved = `import { existsSync } from 'node:fs';
    const isMoved = () => existsSync(${JSON.stringify(join(folder, 'moved'))});\n`;
  const flags = await preloading(folder, moved + code);
  const script = `$upload ${hunted} -n 10 & pid=$!; ${untilReadings(3)}; touch moved; wait $pid`;
  return huntLeak(folder, script, { env: { NODE_FLAGS: flags } });
}

const settingDate = (ms: number) => `
  const RealDate = Date;
  const now = RealDate.now;
  globalThis.Date = class extends RealDate {
    constructor(...given) { super(...(given.length === 0 ? [Date.now()] : given)); }
    static now() { return now() + (isMoved() ? ${ms} : 0); }
  };`;

/** Time that passes without the hunt, or that never passed. */
export const stoppedFaults: Fault[] = [
  {
    name: 'a hunt that is stopped together with its target, for longer than an upload may take, goes on where it was',
    group: 'streams and signals',
    done: `\`kill -STOP\` to the server and to \`leakhunt upload ... --start "node server.js" -m 1\` in the middle of a round, and \`kill -CONT\` after ${pause} s, as a suspended machine and a frozen container do`,
    exitCode: 1,
    record: true,
    async run(folder) {
      const script =
        `$upload ${hunted} -m 1 & pid=$!; ${untilReadings(3)}; ` +
        `kill -STOP $(cat server.pid); sleep 0.2; kill -STOP $pid; sleep ${pause}; ` +
        'kill -CONT $(cat server.pid) $pid; wait $pid';
      const ended = await huntStarted(folder, script);
      deepEqual((await toldIn(folder)).load.failed, 0);
      return ranThrough(ended, folder);
    },
  },
  {
    name: 'the time in which leakhunt is stopped is not taken off the time limit',
    group: 'streams and signals',
    done: `\`kill -STOP\` to \`leakhunt upload ... --time-limit 7\` after a few readings, and \`kill -CONT\` after 8 s`,
    exitCode: 1,
    record: true,
    async run(folder) {
      const script =
        `$upload ${hunted} -n 10 --time-limit 7 & pid=$!; ${untilReadings(3)}; ` +
        'kill -STOP $pid; sleep 8; kill -CONT $pid; wait $pid';
      return ranThrough(await huntLeak(folder, script), folder);
    },
  },
  {
    name: 'Ctrl-Z and fg lose nothing of a hunt',
    group: 'streams and signals',
    done: `Ctrl-Z to \`leakhunt upload ... -m 1\` on a terminal in the middle of a round, and \`fg\` after ${pause} s`,
    exitCode: 1,
    record: true,
    async run(folder) {
      const command = `set -m\n$upload ${hunted} -m 1\nsleep ${pause}\nfg\n`;
      const script = onTerminal(80, command, { until: untilReadings(3) }, { type: '\x1a' });
      return ranThrough(await huntLeak(folder, script), folder);
    },
  },
  {
    name: 'a machine that slept in the middle of a hunt is told',
    group: 'streams and signals',
    done: 'the machine is up for 3 hours more than its processes ran, once three readings are taken (`os.uptime()`)',
    exitCode: 1,
    record: true,
    async run(folder) {
      const ended = await huntByClock(
        folder,
        `import os from 'node:os';
        import { syncBuiltinESMExports } from 'node:module';
        const { uptime } = os;
        os.uptime = () => uptime() + (isMoved() ? 3 * 3600 : 0);
        syncBuiltinESMExports();`,
      );
      return ranThrough(ended, folder, /^The machine was asleep for 3\.0 hours during the hunt/m);
    },
  },
  ...(
    [
      ['ahead', 5],
      ['back', -5],
    ] as const
  ).map(
    ([way, hours]): Fault => ({
      name: `a clock that is set ${way} by hours in the middle of a hunt changes nothing in it`,
      group: 'streams and signals',
      done: `\`Date\` tells ${Math.abs(hours)} hours ${hours > 0 ? 'more' : 'less'} in \`leakhunt upload ...\` once three readings are taken`,
      exitCode: 1,
      record: true,
      async run(folder) {
        const ended = await huntByClock(folder, settingDate(hours * 3_600_000));
        const { leakhunt, warnings } = await toldIn(folder);
        deepEqual({ quick: leakhunt.seconds < 60, warnings }, { quick: true, warnings });
        deepEqual(Math.abs(Date.now() - Date.parse(leakhunt.startedAt)) < 60_000, true);
        return ranThrough(ended, folder, /^(?![\s\S]*(stopped|asleep))/);
      },
    }),
  ),
];
