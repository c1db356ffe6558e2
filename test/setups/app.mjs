// An upload server that keeps nothing, or 20 kB of each upload: `node app.mjs leak`.
import { createServer } from 'node:http';

const [leaks, host = '127.0.0.1', port = '0'] = [process.argv[2] === 'leak', ...process.argv.slice(3)];
const kept = [];
createServer((request, response) => {
  request.resume().on('end', () => {
    if (leaks) kept.push(Array.from({ length: 2_500 }, (_, i) => i + 0.5));
    response.end('ok');
  });
}).listen(Number(port), host, function () {
  const { address, family, port } = this.address();
  console.log(`listening on http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
});
