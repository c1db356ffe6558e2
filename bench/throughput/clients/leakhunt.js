// Plain JavaScript on the built package, so that this process holds nothing but the client.
import { buildBody } from '../../../dist/load/body/body.js';
import { runRound } from '../../../dist/load/round.js';
import { closeWorkers } from '../../../dist/load/threads/workers.js';
import { report } from './report.js';

const [url, file, uploads, connections, workers] = process.argv.slice(2);
const body = await buildBody([
  { name: 'file', content: { path: file }, filename: 'upload.bin', type: 'application/octet-stream' },
]);
const request = {
  url: new URL(url),
  method: 'POST',
  headers: ['content-type', body.contentType],
  body,
  maxTime: 300,
  connectTimeout: 10,
  insecure: false,
  location: false,
  workers: Number(workers ?? 1),
};
await report(async () => (await runRound(request, Number(uploads), Number(connections))).statuses[200] ?? 0);
await closeWorkers();
