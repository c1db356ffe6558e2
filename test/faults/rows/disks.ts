import { deepEqual, match } from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../support/servers.js';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';

/** Leaves a file behind for each upload, as large as its argument says, and says it where it cannot. */
const server = `
const { createServer } = require('node:http');
const { writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
let uploads = 0;
createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.method !== 'POST') return response.end('ok');
    uploads += 1;
    try {
      writeFileSync(tmpdir() + '/upload-' + uploads, Buffer.alloc(Number(process.argv[3])));
      response.end('ok');
    } catch (error) {
      response.writeHead(500).end(error.message);
    }
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

interface FullDisk extends Pick<Fault, 'name' | 'done' | 'says' | 'exitCode' | 'record'> {
  /** Which folder the small disk is mounted on, its size, and what is put on it before. */
  disk: { folder: 'tmp' | '.leakhunt'; size: string; filled?: true };
  fileSize: number;
  check(record: { end: string; error?: { message: string }; rounds: unknown[] }): void;
}

/** A hunt beside a disk of its own that gets full. */
function fullDisk({ disk, fileSize, check, ...row }: FullDisk): Fault {
  return {
    ...row,
    group: 'files',
    async run(folder) {
      const port = await freePort();
      await mkdir(join(folder, disk.folder));
      await mkdir(join(folder, 'tmp'), { recursive: true });
      await writeFile(join(folder, 'server.cjs'), server);
      const fill = disk.filled ? `cat /dev/zero > ${disk.folder}/filler 2> /dev/null; ` : '';
      const script =
        `mount -t tmpfs -o size=${disk.size} none ${disk.folder}; ${fill}` +
        `$LEAKHUNT upload http://127.0.0.1:${port}/upload --start "exec node server.cjs ${port} ${fileSize}" ` +
        '-n 10 -c 2 --size 1kB --settle 0.01 --warm-up 1 --drain 0.1 --rounds 8 -q --json hunt.json; ' +
        `code=$?; cp -r ${disk.folder} kept; umount ${disk.folder}; cp -r kept/. ${disk.folder}; exit $code`;
      await writeFile(join(folder, 'hunt.sh'), script);
      const ended = await shell('exec unshare --mount bash hunt.sh', folder, {
        env: { TMPDIR: join(folder, 'tmp') },
      });
      check(JSON.parse(await readFile(join(folder, 'hunt.json'), 'utf8')));
      return ended;
    },
  };
}

const toldFull = /uploads failed; the first ones were answered 500 \("ENOSPC: [^"]+"\)\. Its disk is full: /;

/** Disks that are full, or get so in the middle of a hunt. */
export const diskFaults: Fault[] = [
  fullDisk({
    name: 'a disk of temp files that the hunt fills is told as full, and what was measured until then is kept',
    done: '`leakhunt upload ... --start "node server.js"` with TMPDIR on a disk of 256 KiB (tmpfs), of a server that leaves 4 KiB in a temp file for each upload',
    exitCode: 4,
    record: true,
    disk: { folder: 'tmp', size: '256k' },
    fileSize: 4096,
    check({ end, error, rounds }) {
      deepEqual({ end, several: rounds.length > 5 }, { end: 'too-many-failed', several: true });
      match(error!.message, toldFull);
    },
  }),
  fullDisk({
    name: 'a disk of temp files that was full before is told as full',
    done: 'the same where the disk has no room from the beginning',
    exitCode: 4,
    record: true,
    disk: { folder: 'tmp', size: '64k', filled: true },
    fileSize: 4096,
    check: ({ error }) => match(error!.message, toldFull),
  }),
  fullDisk({
    name: 'a disk of records that gets full in the middle is said, and keeps the verdict and the reports',
    done: '`leakhunt upload ... --json hunt.json` with .leakhunt on a disk of 24 KiB (tmpfs), of a server that leaks a temp file per upload',
    says: /^leakhunt: readings could not be saved in \.leakhunt\/ during the hunt \(ENOSPC.*\n.*this hunt could not be saved/,
    exitCode: 1,
    record: false,
    disk: { folder: '.leakhunt', size: '24k' },
    fileSize: 1,
    check: ({ end }) => deepEqual(end, 'rounds-done'),
  }),
];
