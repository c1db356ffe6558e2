// An upload server that hands every GET request on to another origin: `node front.mjs http://127.0.0.1:PORT
// [leak]`.
import { createServer, request } from 'node:http';

const [upstream, behaviour] = process.argv.slice(2);
const kept = [];
createServer((incoming, response) => {
  if (incoming.method === 'POST') {
    incoming.resume().on('end', () => {
      if (behaviour === 'leak') kept.push(Array.from({ length: 2_500 }, (_, i) => i + 0.5));
      response.end('ok');
    });
    return;
  }
  const outgoing = request(new URL(incoming.url, upstream), { headers: incoming.headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.writeHead(502).end());
  outgoing.end();
}).listen(0, '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});
