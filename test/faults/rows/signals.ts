import { equal, ok } from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '../../support/servers.js';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';
import { huntLeak, huntStarted, untilReadings } from './short-hunts.js';

/** A hunt that goes on until it is ended. */
const long = '--rounds 90 --thorough --json hunt.json';

/** Runs a command on a terminal, and closes it once a second command has ended; ends as the first one does. */
const terminal = `
import os, pty, subprocess, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "-c", "exec " + sys.argv[1]])
subprocess.run(["bash", "-c", sys.argv[2]])
os.close(fd)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256)
`;

async function endIn(folder: string): Promise<string> {
  return JSON.parse(await readFile(join(folder, 'hunt.json'), 'utf8')).end;
}

/** How a hunt ends that is ended from outside, or by a target that does not answer. */
export const signalFaults: Fault[] = [
  ...(['INT', 'TERM', 'HUP'] as const).map(
    (signal): Fault => ({
      name: `SIG${signal} ends a hunt with its record and its reports`,
      group: 'streams and signals',
      done: `\`kill -${signal}\` to \`leakhunt upload ... --json hunt.json\` after a few readings`,
      says: /^$/,
      exitCode: 130,
      record: true,
      async run(folder) {
        const script = `$upload ${long} & pid=$!; ${untilReadings(4)}; kill -${signal} $pid; wait $pid`;
        const ended = await huntLeak(folder, script);
        equal(await endIn(folder), 'interrupted');
        return ended;
      },
    }),
  ),
  {
    name: 'SIGTERM behind closed pipes ends a hunt with its record and its reports',
    group: 'streams and signals',
    done: '`leakhunt upload ... --json hunt.json --html -` into pipes whose readers have ended, and `kill -TERM`, as a CI runner does at its time limit',
    exitCode: 130,
    record: true,
    async run(folder) {
      const streams = '> >(true) 2> >(true)';
      const script = `$upload ${long} --html - ${streams} & pid=$!; ${untilReadings(4)}; kill -TERM $pid; wait $pid`;
      const ended = await huntLeak(folder, script);
      equal(await endIn(folder), 'interrupted');
      return ended;
    },
  },
  {
    name: 'one Ctrl-C that comes twice, by the terminal and by npm, ends a hunt with its record',
    group: 'streams and signals',
    done: '`kill -INT` twice at once to `leakhunt upload ...`',
    says: /^$/,
    exitCode: 130,
    record: true,
    run: folder =>
      huntLeak(
        folder,
        `$upload ${long} & pid=$!; ${untilReadings(4)}; kill -INT $pid; kill -INT $pid; wait $pid`,
      ),
  },
  {
    name: 'a signal before the first reading is said',
    group: 'streams and signals',
    done: '`kill -TERM` to `leakhunt upload ... --start "sleep 60"`, which never is ready',
    says: /^leakhunt: Interrupted before the target was ready\.\n$/,
    exitCode: 130,
    record: false,
    run: folder =>
      shell(
        '$LEAKHUNT upload http://127.0.0.1:1/ --start "touch begun; exec sleep 60" & pid=$!; ' +
          'until [ -e begun ]; do sleep 0.01; done; kill -TERM $pid; wait $pid',
        folder,
      ),
  },
  {
    name: 'a terminal that is closed ends a hunt with its record and its reports, and without a core dump',
    group: 'streams and signals',
    done: 'the terminal is closed in which `leakhunt upload ... --json hunt.json` runs, after a few readings',
    exitCode: 130,
    record: true,
    async run(folder) {
      await writeFile(join(folder, 'terminal.py'), terminal);
      const script = `python3 terminal.py "$upload ${long}" '${untilReadings(4).replaceAll("'", `'"'"'`)}'`;
      const ended = await huntLeak(folder, script);
      equal(await endIn(folder), 'interrupted');
      return ended;
    },
  },
  {
    name: 'SIGHUP ends what leakhunt has started, and removes its temp folder',
    group: 'streams and signals',
    done: '`kill -HUP` to `leakhunt upload ... --start "node server.js"` after a few readings',
    says: /^$/,
    exitCode: 130,
    record: true,
    async run(folder) {
      const script = `$upload ${long} & pid=$!; ${untilReadings(4)}; kill -HUP $pid; wait $pid; code=$?; $alive && code=99; exit $code`;
      const ended = await huntStarted(folder, script);
      equal((await readdir(join(folder, 'tmp'))).length, 0);
      return ended;
    },
  },
  {
    name: 'SIGKILL loses no reading, and what leakhunt has started ends',
    group: 'streams and signals',
    done: '`kill -KILL` to `leakhunt upload ... --start "node server.js"` after a few readings, then `leakhunt report --exit-code`',
    says: /leakhunt: the hunt that began at \S+ was cut short: its readings are in \.leakhunt\/\S+\.json\.\n$/,
    exitCode: 130,
    record: true,
    async run(folder) {
      const script =
        `{ $upload ${long} & pid=$!; ${untilReadings(4)}; kill -KILL $pid; wait $pid; } 2> /dev/null; ` +
        'leakhunt report --exit-code; code=$?; while $alive || [ -n "$(ls tmp)" ]; do sleep 0.05; done; exit $code';
      const ended = await huntStarted(folder, script);
      ok(ended.stdout.includes('Interrupted. So far:'), ended.stdout);
      return ended;
    },
  },
  {
    name: 'what leakhunt has started does not outlive the next hunt, though its guard is killed as well',
    group: 'streams and signals',
    done: '`kill -KILL` to `leakhunt upload ... --start "node server.js"` and to all of its shells, then the same hunt again',
    says: /was cut short/,
    exitCode: 1,
    record: true,
    async run(folder) {
      const script =
        `{ $upload ${long} & pid=$!; ${untilReadings(2)}; kill -KILL $pid $(pgrep -P $pid sh); wait $pid; } 2> /dev/null; ` +
        '$alive || exit 98; $upload; code=$?; $alive && code=99; exit $code';
      const ended = await huntStarted(folder, script);
      equal((await readdir(join(folder, 'tmp'))).join(), '');
      return ended;
    },
  },
  {
    name: 'a target that stops answering holds a hunt no longer than its time limit',
    group: 'target',
    done: '`leakhunt upload ... --time-limit 2`, of a server that answers 35 uploads and no more',
    exitCode: 3,
    record: true,
    async run(folder) {
      let uploads = 0;
      const origin = await serve((request, response) => {
        request.resume().on('end', () => {
          if (request.method !== 'GET') uploads += 1;
          response.setHeader('content-type', 'application/json');
          if (request.method === 'GET' || uploads < 35) response.end('{ "open": 7 }');
        });
      });
      const start = performance.now();
      const probe = `json=${origin}/stats#/open;name=open-files`;
      const script = `leakhunt upload ${origin}/upload --probe '${probe}' -n 10 -c 2 --size 1kB --time-limit 2 -q --json hunt.json`;
      const ended = await shell(script, folder);
      ok(performance.now() - start < 7000);
      equal(await endIn(folder), 'time-limit');
      return ended;
    },
  },
  {
    name: 'a target that never answers an upload holds a hunt no longer than its time limit',
    group: 'target',
    done: '`leakhunt upload ... --time-limit 1 --json hunt.json`, of a server that answers none',
    exitCode: 3,
    record: true,
    async run(folder) {
      const origin = await serve((request, response) => {
        response.setHeader('content-type', 'application/json');
        if (request.method === 'GET') response.end('{ "open": 7 }');
      });
      const probe = `json=${origin}/stats#/open;name=open-files`;
      const script = `leakhunt upload ${origin}/upload --probe '${probe}' -n 10 -c 2 --size 1kB --time-limit 1 -q --json hunt.json`;
      const ended = await shell(script, folder);
      equal(await endIn(folder), 'time-limit');
      return ended;
    },
  },
  {
    name: 'a target that is stopped for longer than the time limit holds a hunt no longer than that',
    group: 'target',
    done: '`kill -STOP` to the server of `leakhunt upload ... --start "node server.js" --time-limit 3` after a few readings',
    exitCode: 3,
    record: true,
    async run(folder) {
      const script =
        `$upload ${long} --time-limit 3 --stop-timeout 1 & pid=$!; ${untilReadings(3)}; ` +
        'kill -STOP $(cat server.pid); wait $pid';
      const ended = await huntStarted(folder, script);
      equal(await endIn(folder), 'time-limit');
      return ended;
    },
  },
];
