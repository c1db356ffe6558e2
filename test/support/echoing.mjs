// A server that repeats everything it was told, wherever it can: in answers, error texts, metrics, names of
// functions, classes and files, on standard error, and in its last words.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [port, mode] = process.argv.slice(2);
const told = new Set([...process.argv.slice(2), ...Object.entries(process.env).flat()]);
const words = () => [...new Set([...told].join(' ').match(/[A-Za-z0-9]{16,}/g) ?? [])];
const kept = [];
let uploads = 0;

/** Objects of a class, and bytes by a function, that are called like a secret. */
function keepUnder(name) {
  const make = new Function(
    `class C${name} { constructor() { this.bytes = new Array(64).fill(Math.random()); } }
     return function f${name}() { return new C${name}(); }`,
  )();
  kept.push(make());
}

const everything = () => [...told].join(' ');

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('latin1').slice(0, 20_000);
  // A proxy is asked for whole addresses.
  const path = request.url.replace(/^http:\/\/[^/]*/, '');
  for (const text of [request.url, ...Object.values(request.headers).map(String), body]) told.add(text);
  if (path.startsWith('/metrics')) {
    return response.end(
      `${words()
        .map(word => `seen_${word} 1\nprocess_open_fds{w="${word}"} 1\n`)
        .join('')}`,
    );
  }
  if (!path.startsWith('/upload')) {
    response.writeHead(404, { 'x-told': 'no' });
    return response.end(everything());
  }
  uploads += 1;
  for (const word of words()) keepUnder(word);
  if (uploads % 10 === 1) {
    const [word = 'none'] = words();
    writeFileSync(join(tmpdir(), `${word}-${createHash('md5').update(String(uploads)).digest('hex')}`), 'x');
  }
  process.stderr.write(`${everything()}\n`);
  if (mode === 'dies' && uploads > 60) {
    process.stderr.write(`fatal: ${words().join('\nfatal: ')}\n${JSON.stringify(process.env, null, 1)}\n`);
    process.exit(9);
  }
  if (uploads % 7 === 3) {
    response.writeHead(307, {
      location: `/login?next=${encodeURIComponent(words().join('.'))}#${words()[0]}`,
    });
    return response.end(`wrong: ${words().join(' ')}`);
  }
  response.writeHead(uploads % 2 ? 200 : 500);
  response.end(`${words().join(' ')} ${everything()}`);
});
server.listen(Number(port), '127.0.0.1');
