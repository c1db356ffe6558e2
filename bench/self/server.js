// A server that uploads 100 times with leakhunt's own client for each request. It is bundled,
// so that this process holds nothing but the client.
import { createServer } from 'node:http';
import { runRound } from '../../src/load/round.ts';
import { requestTo } from '../throughput/clients/request.js';

const [sink, file, perRequest, concurrency] = process.argv.slice(2);
const request = await requestTo(sink, file);

const server = createServer((incoming, answer) => {
  incoming.resume().once('end', async () => {
    const { completed, failed } = await runRound(request, Number(perRequest), Number(concurrency));
    answer.writeHead(failed === 0 ? 200 : 502).end(String(completed));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().once('end', () => process.exit());
