// An upload server that leaves each body where LEAVE says: nowhere, in its temp folder, below its working folder, or in
// a file that it deletes and keeps open.

import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, unlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const held = [];
const leave = {
  nothing: async () => {},
  temp: body => writeFile(join(tmpdir(), `upload-${randomBytes(8).toString('hex')}`), body),
  working: body => writeFile(`file-uploads/${randomBytes(16).toString('hex')}`, body),
  deleted: async body => {
    const path = join(tmpdir(), `spool-${randomBytes(8).toString('hex')}`);
    await writeFile(path, body);
    held.push(openSync(path));
    unlinkSync(path);
  },
}[process.env.LEAVE ?? 'nothing'];
if (process.env.LEAVE === 'working') mkdirSync('file-uploads', { recursive: true });

createServer((request, response) => {
  const pieces = [];
  request.on('data', piece => pieces.push(piece));
  request.on('end', async () => {
    await leave(Buffer.concat(pieces));
    response.end('ok');
  });
}).listen(0, '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});
