// undici as a program would use it: a pool, and the same prebuilt body for every upload.
import { readFile } from 'node:fs/promises';
import { Pool } from 'undici';
import { report } from './report.js';

const [url, file, uploads, connections, contentType] = process.argv.slice(2);
const { origin, pathname: path } = new URL(url);
const body = await readFile(file);
const request = { path, method: 'POST', headers: { 'content-type': contentType }, body };
const pool = new Pool(origin, { connections: Number(connections), pipelining: 1 });
let left = Number(uploads);
let answered = 0;

async function uploadInTurn() {
  while (left > 0) {
    left -= 1;
    const response = await pool.request(request);
    await response.body.dump();
    if (response.statusCode === 200) answered += 1;
  }
}

await report(async () => {
  await Promise.all(Array.from({ length: Number(connections) }, uploadInTurn));
  return answered;
});
await pool.close();
