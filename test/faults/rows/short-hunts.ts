import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countingServer, shortFlags } from '../../support/counting.js';
import { freePort } from '../../support/servers.js';
import type { Ended } from '../row.js';
import { type ShellOptions, shell } from '../shell.js';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A record of a hunt that ended with 1. */
export const leakRecord = join(root, 'fixtures/captures/hunts/leak.json');

/** Of a hunt that is kept and takes a second. */
const flags = [...shortFlags.filter(flag => flag !== '--no-save'), '--drain', '0.1', '-q'].join(' ');

/** A short hunt of a server that leaks one thing per upload, in which `$upload` begins the command line. */
export async function huntLeak(folder: string, script: string, options?: ShellOptions): Promise<Ended> {
  const { url, probe } = await countingServer(1);
  const upload = `$LEAKHUNT upload ${url} --probe '${probe}' ${flags}`;
  return shell(script.replaceAll('$upload', upload), folder, options);
}

/** In a script: waits until a hunt in this folder has written down so many readings. */
export const untilReadings = (count: number) =>
  `until [ "$(cat .leakhunt/*.journal 2> /dev/null | grep -c '^{"type":"reading"')" -ge ${count} ]; do sleep 0.01; done`;

const server = `
const { createServer } = require('node:http');
require('node:fs').writeFileSync('server.pid', String(process.pid));
let open = 7;
createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.method !== 'GET') open += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ open }));
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

/** The same for a server that leakhunt starts, whose temp folder is in `tmp`; `$alive` tells whether it runs, server.pid as which process. */
export async function huntStarted(folder: string, script: string): Promise<Ended> {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const { port } = new URL(origin);
  await writeFile(join(folder, 'server.cjs'), server);
  await mkdir(join(folder, 'tmp'));
  const probe = `json=${origin}/stats#/open;name=open-files`;
  const start = `--start "exec node server.cjs ${port}"`;
  const upload = `$LEAKHUNT upload ${origin}/upload ${start} --probe '${probe}' ${flags}`;
  const alive = `(exec 3<>/dev/tcp/127.0.0.1/${port}) 2> /dev/null`;
  return shell(script.replaceAll('$upload', upload).replaceAll('$alive', alive), folder, {
    env: { TMPDIR: join(folder, 'tmp') },
  });
}
