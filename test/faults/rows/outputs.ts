import { equal, ok } from 'node:assert/strict';
import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';
import { huntLeak, leakRecord } from './short-hunts.js';

const verdictIn = async (path: string) => JSON.parse(await readFile(path, 'utf8')).verdict;
const report = `leakhunt report --exit-code ${leakRecord}`;

/** What is done to the places that reports and records are written to. */
export const outputFaults: Fault[] = [
  {
    name: 'a path that leads to standard output is standard output, and stays the link that it is',
    group: 'files',
    done: '`leakhunt report leak.json --json /dev/stdout > file`',
    says: /^$/,
    exitCode: 1,
    async run(folder) {
      const ended = await shell(`${report} --json /dev/stdout > hunt.json`, folder);
      equal(await verdictIn(join(folder, 'hunt.json')), 'leak');
      ok((await lstat('/dev/stdout')).isSymbolicLink());
      return ended;
    },
  },
  {
    name: 'what a shell has opened is written where it leads',
    group: 'files',
    done: '`leakhunt report leak.json --json >(cat > file)`',
    says: /^$/,
    exitCode: 1,
    async run(folder) {
      const script = `mkfifo done; ${report} --json >(cat > hunt.json; echo > done); code=$?; read < done; exit $code`;
      const ended = await shell(script, folder);
      equal(await verdictIn(join(folder, 'hunt.json')), 'leak');
      return ended;
    },
  },
  {
    name: 'a descriptor that no shell has opened is a usage error',
    group: 'files',
    done: '`leakhunt report leak.json --json /dev/fd/17`',
    says: /^leakhunt: --json "\/dev\/fd\/17" could not be written \(descriptor 17 is not open\)/,
    exitCode: 2,
    run: folder => shell(`${report} --json /dev/fd/17`, folder),
  },
  {
    name: 'a device is written, and stays a device',
    group: 'files',
    done: '`leakhunt report leak.json --json /dev/null --html /dev/null`',
    says: /^$/,
    exitCode: 1,
    async run(folder) {
      const ended = await shell(`${report} --json /dev/null --html /dev/null`, folder);
      ok((await stat('/dev/null')).isCharacterDevice());
      return ended;
    },
  },
  {
    name: 'a named pipe is written, and stays a pipe',
    group: 'files',
    done: '`leakhunt report leak.json --json pipe`, with `cat pipe` beside it',
    says: /^$/,
    exitCode: 1,
    async run(folder) {
      const script = `mkfifo pipe; cat pipe > hunt.json & ${report} --json pipe; code=$?; wait; exit $code`;
      const ended = await shell(script, folder);
      equal(await verdictIn(join(folder, 'hunt.json')), 'leak');
      ok((await stat(join(folder, 'pipe'))).isFIFO());
      return ended;
    },
  },
  {
    name: 'a named pipe that nobody reads is said, and holds nothing up',
    group: 'files',
    done: '`leakhunt report leak.json --json pipe --csv hunt.csv`, with nobody at the other end',
    says: /^leakhunt: --json "pipe" could not be written \(nobody reads the pipe\)/,
    exitCode: 2,
    async run(folder) {
      const ended = await shell(
        `mkfifo pipe; leakhunt report ${leakRecord} --json pipe --csv hunt.csv`,
        folder,
      );
      ok((await stat(join(folder, 'hunt.csv'))).size > 0);
      return ended;
    },
  },
  {
    name: 'a report is written through a link, which stays a link',
    group: 'files',
    done: '`leakhunt report leak.json --json link`, where link leads to folder/old.json',
    says: /^$/,
    exitCode: 1,
    async run(folder) {
      const ended = await shell(
        `mkdir real; echo old > real/old.json; ln -s real/old.json link; ${report} --json link`,
        folder,
      );
      ok((await lstat(join(folder, 'link'))).isSymbolicLink());
      equal(await verdictIn(join(folder, 'real/old.json')), 'leak');
      return ended;
    },
  },
  {
    name: 'a report is written through a link to nothing, where it leads',
    group: 'files',
    done: '`leakhunt report leak.json --json link`, where link leads to folder/new.json, which is not there',
    says: /^$/,
    exitCode: 1,
    async run(folder) {
      const ended = await shell(`mkdir real; ln -s real/new.json link; ${report} --json link`, folder);
      equal(await verdictIn(join(folder, 'real/new.json')), 'leak');
      return ended;
    },
  },
  {
    name: 'a report keeps the mode of the file that is there',
    group: 'files',
    done: '`chmod 640 hunt.json; leakhunt report leak.json --json hunt.json`',
    says: /^$/,
    exitCode: 1,
    async run(folder) {
      const ended = await shell(`touch hunt.json; chmod 640 hunt.json; ${report} --json hunt.json`, folder);
      equal((await stat(join(folder, 'hunt.json'))).mode & 0o7777, 0o640);
      return ended;
    },
  },
  {
    name: 'a report keeps the other names of the file that is there',
    group: 'files',
    done: '`ln hunt.json other.json; leakhunt report leak.json --json hunt.json`',
    says: /^$/,
    exitCode: 1,
    async run(folder) {
      const ended = await shell(
        `touch hunt.json; ln hunt.json other.json; ${report} --json hunt.json`,
        folder,
      );
      equal(await verdictIn(join(folder, 'other.json')), 'leak');
      return ended;
    },
  },
  ...[
    ['one path', '--json x --html x', ''],
    ['two spellings of a path', '--json x --html ./y/../x', 'mkdir y; '],
    ['a file and a link to it', '--json x --html link', 'touch x; ln -s x link; '],
    ['two names of a file', '--json x --html link', 'touch x; ln x link; '],
    ['standard output twice', '--json - --html /dev/stdout', ''],
  ].map(
    ([what, flags, before]): Fault => ({
      name: `${what} for two reports is a usage error`,
      group: 'files',
      done: `\`${before}leakhunt report leak.json ${flags}\``,
      says: /^leakhunt: .* would be written by --json and --html: give each its own file\.\n$/,
      exitCode: 2,
      run: folder => shell(`${before}${report} ${flags}`, folder),
    }),
  ),
  {
    name: 'one path for two reports of a comparison is a usage error',
    group: 'files',
    done: '`leakhunt compare leak.json leak.json --json x --markdown x`',
    says: /^leakhunt: "x" would be written by --json and --markdown/,
    exitCode: 2,
    run: folder => shell(`leakhunt compare ${leakRecord} ${leakRecord} --json x --markdown x`, folder),
  },
  {
    name: 'one path for two reports of a hunt is a usage error before the first upload',
    group: 'files',
    done: '`leakhunt upload ... --json x --csv ./x`',
    says: /^leakhunt: "\.\/x" would be written by --json and --csv/,
    exitCode: 2,
    record: false,
    run: folder => huntLeak(folder, '$upload --json x --csv ./x'),
  },
  {
    name: 'a report to the file that standard output goes to is a usage error',
    group: 'files',
    done: '`leakhunt report leak.json --json x > x`',
    says: /^leakhunt: --json names the file that standard output goes to/,
    exitCode: 2,
    run: folder => shell(`${report} --json x > x`, folder),
  },
  {
    name: 'a folder in place of a report is a usage error',
    group: 'files',
    done: '`leakhunt report leak.json --json .`',
    says: /^leakhunt: --json "\." could not be written \(it is a folder\)/,
    exitCode: 2,
    run: folder => shell(`${report} --json .`, folder),
  },
  {
    name: 'links in a circle are wrong usage',
    group: 'files',
    done: '`ln -s a b; ln -s b a; leakhunt report leak.json --json a`',
    says: /^leakhunt: --json "a" could not be written \(too many symbolic links\)/,
    exitCode: 2,
    run: folder => shell(`ln -s a b; ln -s b a; ${report} --json a`, folder),
  },
  {
    name: 'a full disk under one report of a hunt is said, and keeps the verdict, the record and the other reports',
    group: 'files',
    done: '`leakhunt upload ... --html full --json hunt.json --csv full`, where full is a full disk, of a server that leaks',
    says: /^leakhunt: --html "full" could not be written \(the disk is full\).*\n.*--csv "full2" could not be written/,
    exitCode: 1,
    record: true,
    async run(folder) {
      const script =
        'ln -s /dev/full full; ln -s /dev/full full2; $upload --html full --json hunt.json --csv full2';
      const ended = await huntLeak(folder, script);
      equal(await verdictIn(join(folder, 'hunt.json')), 'leak');
      ok(ended.stdout.includes('leak'));
      return ended;
    },
  },
  {
    name: 'a full disk under one report of a record is said, and the others are written',
    group: 'files',
    done: '`leakhunt report leak.json --html full --csv hunt.csv`, where full is a full disk',
    says: /^leakhunt: --html "full" could not be written \(the disk is full\)/,
    exitCode: 2,
    async run(folder) {
      const script = `ln -s /dev/full full; leakhunt report ${leakRecord} --html full --csv hunt.csv`;
      const ended = await shell(script, folder);
      ok((await stat(join(folder, 'hunt.csv'))).size > 0);
      return ended;
    },
  },
  {
    name: 'a folder of records that cannot be made is said, and keeps the verdict',
    group: 'files',
    done: '`leakhunt upload ...` in /proc, of a server that leaks',
    says: /^leakhunt: this hunt could not be saved in \.leakhunt\/ /,
    exitCode: 1,
    run: folder => huntLeak(folder, 'cd /proc; $upload'),
  },
  {
    name: 'an empty record hides none that is good',
    group: 'files',
    done: '`leakhunt report`, where the newest record in .leakhunt/ is empty and the one before it is no JSON',
    says: /^leakhunt: \.leakhunt\/2099-01-02T00-00-00Z-leak\.json is skipped: .*\n.*2099-01-01T00-00-00Z-leak\.json/,
    exitCode: 1,
    run: folder =>
      shell(
        `mkdir .leakhunt; cd .leakhunt; cp ${leakRecord} 2026-11-23T03-21-07Z-leak.json; ` +
          'touch 2099-01-02T00-00-00Z-leak.json; echo "{" > 2099-01-01T00-00-00Z-leak.json; ' +
          'cd ..; leakhunt report --exit-code',
        folder,
      ),
  },
  {
    name: 'records that are all broken are said',
    group: 'files',
    done: '`leakhunt report`, where the only record in .leakhunt/ is empty',
    says: /There is no record in \.leakhunt\//,
    exitCode: 2,
    run: folder =>
      shell('mkdir .leakhunt; touch .leakhunt/2099-01-02T00-00-00Z-leak.json; leakhunt report', folder),
  },
  {
    name: 'a folder of fixtures where none can be made is a usage error at once',
    group: 'files',
    done: '`leakhunt fixtures --out /proc/x`',
    says: /^leakhunt: --out "\/proc\/x" could not be created/,
    exitCode: 2,
    run: folder => shell('leakhunt fixtures --size 1kB --out /proc/x', folder),
  },
  {
    name: 'a folder of profiles where none can be made is a usage error at once',
    group: 'files',
    done: '`leakhunt upload ... --profiles /proc/x/y`',
    says: /^leakhunt: --profiles "\/proc\/x\/y" could not be created/,
    exitCode: 2,
    record: false,
    run: folder => huntLeak(folder, '$upload --profiles /proc/x/y'),
  },
  {
    name: 'a fixture is written through a link, which stays a link, and keeps the mode of what is there',
    group: 'files',
    done: '`leakhunt fixtures --force --out .`, where fixture.txt leads to folder/old.txt of mode 640',
    exitCode: 0,
    async run(folder) {
      const before = 'mkdir real; touch real/old.txt; chmod 640 real/old.txt; ln -s real/old.txt fixture.txt';
      const ended = await shell(`${before}; leakhunt fixtures --size 1kB --force --out .`, folder);
      ok((await lstat(join(folder, 'fixture.txt'))).isSymbolicLink());
      const { size, mode } = await stat(join(folder, 'real/old.txt'));
      equal(`${size} ${(mode & 0o7777).toString(8)}`, '1000 640');
      return ended;
    },
  },
  {
    name: 'readings that cannot be written down are said once, and keep the verdict',
    group: 'files',
    done: '`ulimit -f 4; leakhunt upload ...`, with which no file gets larger than 4 KiB',
    says: /^leakhunt: readings could not be saved in \.leakhunt\/ during the hunt \(EFBIG.*\n.*this hunt could not be saved/,
    exitCode: 1,
    record: false,
    run: folder => huntLeak(folder, 'ulimit -f 4; $upload'),
  },
];
