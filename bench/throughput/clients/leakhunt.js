// It is bundled, so that this process holds nothing but the client.
import { runRound } from '../../../src/load/round.ts';
import { closeWorkers } from '../../../src/load/threads/workers.ts';
import { report } from './report.js';
import { requestTo } from './request.js';

const [url, file, uploads, connections, workers] = process.argv.slice(2);
const request = { ...(await requestTo(url, file)), workers: Number(workers ?? 1) };
await report(async () => (await runRound(request, Number(uploads), Number(connections))).statuses[200] ?? 0);
await closeWorkers();
