import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';
import { report } from './report.js';

const [url, file, uploads, connections, contentType] = process.argv.slice(2);
const content =
  contentType === undefined
    ? { form: { file: { type: 'file', path: file } } }
    : { body: await readFile(file), headers: { 'content-type': contentType } };
const options = {
  url,
  method: 'POST',
  amount: Number(uploads),
  connections: Number(connections),
  ...content,
};
await report(async () => (await autocannon(options))['2xx']);
