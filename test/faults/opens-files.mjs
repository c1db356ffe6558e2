// An upload server that opens a file for each upload and never closes it: `node opens-files.mjs`.
import { openSync } from 'node:fs';
import { createServer } from 'node:http';

process.on('uncaughtException', () => {});
createServer((request, response) => {
  request.resume().on('end', () => {
    openSync('/dev/null');
    response.end('ok');
  });
}).listen(0, '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});
