import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countingServer } from '../../support/counting.js';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';
import { huntLeak, leakRecord, root } from './short-hunts.js';

/** The program in a folder of its own, in which a part of it can be taken away. */
async function copied(folder: string): Promise<string> {
  for (const part of ['bin', 'dist', 'schema', 'package.json']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin/leakhunt.js');
}

/** A module that Node loads before the program, and that throws in a timer once the program connects to the target. */
async function throwing(folder: string, code: string): Promise<string> {
  const path = join(folder, 'throw.mjs');
  const lines = [
    "import { Socket } from 'node:net';",
    'const { connect } = Socket.prototype;',
    'Socket.prototype.connect = function (...args) {',
    `  setTimeout(() => { ${code} });`,
    '  return connect.apply(this, args);',
    '};',
  ];
  await writeFile(path, lines.join('\n'));
  return `--import ${path}`;
}

/** A module that does something once the program has written down three readings. */
async function afterReadings(folder: string, code: string): Promise<string> {
  const path = join(folder, 'after.cjs');
  const lines = [
    "const fs = require('node:fs');",
    'const { writeSync } = fs;',
    'let readings = 0;',
    'fs.writeSync = (file, text) => {',
    '  const written = writeSync(file, text);',
    `  if (String(text).startsWith('{"type":"reading"')) readings += 1;`,
    `  if (readings === 3) setTimeout(() => { ${code} });`,
    '  return written;',
    '};',
    "require('node:module').syncBuiltinESMExports();",
  ];
  await writeFile(path, lines.join('\n'));
  return `--require ${path}`;
}

/** How the program ends where what it writes to, what it is made of, or itself fails. */
export const streamFaults: Fault[] = [
  {
    name: 'a full disk under the help is said, and is a usage error',
    group: 'streams and signals',
    done: '`leakhunt --help > /dev/full`',
    says: /^leakhunt: Standard output could not be written \(the disk is full\)/,
    exitCode: 2,
    run: folder => shell('leakhunt --help > /dev/full', folder),
  },
  {
    name: 'a reader that takes one line of the help ends it quietly',
    group: 'streams and signals',
    done: '`leakhunt upload --help | head -1`',
    says: /^$/,
    exitCode: 0,
    run: folder => shell('leakhunt upload --help | head -1', folder),
  },
  {
    name: 'a reader that has gone before anything is written ends the help quietly',
    group: 'streams and signals',
    done: '`leakhunt --help`, into a pipe whose reader has ended',
    says: /^$/,
    exitCode: 0,
    run: folder => shell('{ sleep 0.2; leakhunt --help; } | true', folder),
  },
  {
    name: 'both streams closed from the beginning do not change what a command ends with',
    group: 'streams and signals',
    done: '`leakhunt completion bash >&- 2>&-`',
    says: /^$/,
    exitCode: 0,
    run: folder => shell('leakhunt completion bash >&- 2>&-', folder),
  },
  {
    name: 'a page for a reader that goes away keeps the exit code of the hunt',
    group: 'streams and signals',
    done: '`leakhunt report --exit-code --html - leak.json | head -c 100`',
    says: /^$/,
    exitCode: 1,
    run: folder => shell(`leakhunt report --exit-code --html - ${leakRecord} | head -c 100`, folder),
  },
  {
    name: 'a full disk under a report is said, and the reading of a record has failed',
    group: 'streams and signals',
    done: '`leakhunt report leak.json > /dev/full`',
    says: /^leakhunt: Standard output could not be written \(the disk is full\)/,
    exitCode: 2,
    run: folder => shell(`leakhunt report ${leakRecord} > /dev/full`, folder),
  },
  {
    name: 'a full disk under standard output keeps the verdict, the record and the other reports',
    group: 'streams and signals',
    done: '`leakhunt upload ... --json hunt.json > /dev/full`, of a server that leaks',
    says: /^leakhunt: Standard output could not be written \(the disk is full\)/,
    exitCode: 1,
    record: true,
    run: async folder => {
      const ended = await huntLeak(folder, '$upload --json hunt.json > /dev/full');
      JSON.parse(await readFile(join(folder, 'hunt.json'), 'utf8'));
      return ended;
    },
  },
  {
    name: 'a full disk under both streams keeps the verdict and the record',
    group: 'streams and signals',
    done: '`leakhunt upload ... > /dev/full 2> /dev/full`, of a server that leaks',
    exitCode: 1,
    record: true,
    run: folder => huntLeak(folder, '$upload > /dev/full 2> /dev/full'),
  },
  {
    name: 'a page of a hunt for a reader that goes away keeps the verdict and the record',
    group: 'streams and signals',
    done: '`leakhunt upload ... --html - | head -c 1`, of a server that leaks',
    says: /^$/,
    exitCode: 1,
    record: true,
    run: folder => huntLeak(folder, '$upload --html - | head -c 1'),
  },
  {
    name: 'too few descriptors to load the program are said, and are no leak',
    group: 'streams and signals',
    done: '`ulimit -n 24; leakhunt --help`',
    says: /^leakhunt: leakhunt could not be loaded \(EMFILE.*\): .*ulimit -n/,
    exitCode: 70,
    run: folder => shell('ulimit -n 24; leakhunt --help', folder),
  },
  {
    name: 'a part of the program that is missing is said, and is no leak',
    group: 'streams and signals',
    done: '`leakhunt --help` without the parts of `dist/` that several commands share',
    says: /^leakhunt: leakhunt could not be loaded \(Cannot find module .*chunk-.*\): reinstall it/,
    exitCode: 70,
    run: async folder => {
      const bin = await copied(folder);
      return shell(`rm dist/chunk-*.js; "${process.execPath}" "${bin}" --help`, folder);
    },
  },
  {
    name: 'a part that is missing of one command is said, and is no leak',
    group: 'streams and signals',
    done: '`leakhunt upload --help` without `dist/command-*.js`',
    says: /^leakhunt: leakhunt could not be loaded \(Cannot find module .*command-.*\): reinstall it/,
    exitCode: 70,
    run: async folder => {
      const bin = await copied(folder);
      return shell(`rm dist/command-*.js; "${process.execPath}" "${bin}" upload --help`, folder);
    },
  },
  {
    name: 'a dependency that is missing is said, and is no leak',
    group: 'streams and signals',
    done: '`leakhunt --help` without `node_modules`',
    says: /^leakhunt: leakhunt could not be loaded \(Cannot find package 'commander'.*\): reinstall it/,
    exitCode: 70,
    run: async folder => {
      const bin = await copied(folder);
      return shell(`rm node_modules; "${process.execPath}" "${bin}" --help`, folder);
    },
  },
  {
    name: 'an error that nobody catches is told as a bug',
    group: 'streams and signals',
    done: 'an error is thrown from a timer while `leakhunt upload` runs',
    says: /^leakhunt: This is a bug in leakhunt: thrown by a timer\. Please report it with the output of --debug\.\n$/,
    exitCode: 70,
    run: async folder => {
      const nodeFlags = await throwing(folder, "throw new Error('thrown by a timer');");
      const { url } = await countingServer(0);
      return shell(`leakhunt upload ${url} -q`, folder, { env: { NODE_FLAGS: nodeFlags } });
    },
  },
  {
    name: 'a rejection that nobody catches is told as a bug',
    group: 'streams and signals',
    done: 'a promise is rejected that nobody waits for while `leakhunt upload` runs',
    says: /^leakhunt: This is a bug in leakhunt: nobody waits\. Please report it/,
    exitCode: 70,
    run: async folder => {
      const nodeFlags = await throwing(folder, "void Promise.reject(new Error('nobody waits'));");
      const { url } = await countingServer(0);
      return shell(`leakhunt upload ${url} -q`, folder, { env: { NODE_FLAGS: nodeFlags } });
    },
  },
  {
    name: 'an error that nobody catches is told as one that a bisection skips',
    group: 'streams and signals',
    done: 'an error is thrown from a timer while `leakhunt upload --bisect` runs',
    says: /^leakhunt: This is a bug in leakhunt/,
    exitCode: 125,
    run: async folder => {
      const nodeFlags = await throwing(folder, "throw new Error('thrown by a timer');");
      const { url } = await countingServer(0);
      return shell(`leakhunt upload ${url} -q --bisect`, folder, { env: { NODE_FLAGS: nodeFlags } });
    },
  },
  {
    name: 'memory that V8 has run out of is no leak',
    group: 'streams and signals',
    done: '`node --max-old-space-size=6 bin/leakhunt.js demo`',
    exitCode: 134,
    run: async folder => {
      // V8 ends the process itself, with a native stack trace that nothing in it can keep back.
      return shell('leakhunt demo 2> /dev/null', folder, { env: { NODE_FLAGS: '--max-old-space-size=6' } });
    },
  },
  {
    name: 'an error that nobody catches loses no reading',
    group: 'streams and signals',
    done: 'an error is thrown from a timer after three readings of `leakhunt upload`, then `leakhunt report --exit-code`',
    says: /This is a bug in leakhunt: thrown by a timer[\s\S]*was cut short: its readings are in/,
    exitCode: 130,
    record: true,
    async run(folder) {
      const nodeFlags = await afterReadings(folder, "throw new Error('thrown by a timer');");
      const script = '$upload --rounds 90; [ $? = 70 ] || exit 99; leakhunt report --exit-code';
      return huntLeak(folder, script, { env: { NODE_FLAGS: nodeFlags } });
    },
  },
  {
    name: 'memory that V8 has run out of loses no reading',
    group: 'streams and signals',
    done: 'all memory is taken after three readings of `leakhunt upload`, then `leakhunt report --exit-code`',
    says: /^leakhunt: the hunt that began at \S+ was cut short: its readings are in/,
    exitCode: 130,
    record: true,
    async run(folder) {
      const nodeFlags = await afterReadings(
        folder,
        'for (const all = []; ; ) all.push(new Array(1e6).fill(0.5 + all.length));',
      );
      const script =
        '{ $upload --rounds 90; } 2> /dev/null; [ $? = 134 ] || exit 99; leakhunt report --exit-code';
      return huntLeak(folder, script, { env: { NODE_FLAGS: `--max-old-space-size=80 ${nodeFlags}` } });
    },
  },
];
