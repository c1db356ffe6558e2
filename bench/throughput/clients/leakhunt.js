// Plain JavaScript on the built package, so that this process holds nothing but the client.
import { runRound } from '../../../dist/load/round.js';
import { closeWorkers } from '../../../dist/load/threads/workers.js';
import { report } from './report.js';
import { requestTo } from './request.js';

const [url, file, uploads, connections, workers] = process.argv.slice(2);
const request = { ...(await requestTo(url, file)), workers: Number(workers ?? 1) };
await report(async () => (await runRound(request, Number(uploads), Number(connections))).statuses[200] ?? 0);
await closeWorkers();
