// An upload server for --start: `node target.mjs PATH-OR-PORT [certificate folder] [http2]`.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';

const [where, folder, http2] = process.argv.slice(2);
const pem = name => readFileSync(`${folder}/${name}`);
const tls = folder && { cert: pem('server.pem'), key: pem('server.key'), ca: pem('ca.pem') };
const answer = (request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200).end('ok'));
};
const server = http2
  ? tls
    ? createSecureServer(tls, answer)
    : createHttp2Server(answer)
  : tls
    ? createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, answer)
    : createServer(answer);
if (/^\d+$/.test(where)) server.listen(Number(where), '127.0.0.1');
else server.listen(where);
