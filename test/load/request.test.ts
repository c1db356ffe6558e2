import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { buildBody } from '../../src/load/body/body.js';
import { runRound } from '../../src/load/round.js';
import { answer, bodyOf, serve, serveTcp } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

/** A server that keeps what it was sent. */
async function keeping() {
  const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
  const origin = await serve(async (request, response) => {
    seen.push({ headers: request.headers, body: (await bodyOf(request)).toString('latin1') });
    response.end();
  });
  return { origin, seen };
}

describe('Transfer-Encoding: chunked', () => {
  const text = Buffer.alloc(200_000, 'abc').toString();

  test('frames the same body in chunks, without a length', async () => {
    const { origin, seen } = await keeping();
    for (const each of ['', 'short', text]) {
      const body = await buildBody([{ name: 'note', content: { text: each } }]);
      const headers = ['content-type', body.contentType, 'Transfer-Encoding', 'chunked'];
      const { statuses } = await runRound(await uploadTo(origin, { body, headers }), 2, 1);
      expect(statuses).toEqual({ 200: 2 });
      const { headers: got, body: whole } = seen.at(-1)!;
      expect(got['content-length']).toBeUndefined();
      expect(whole).toBe((body.open() as Buffer).toString('latin1'));
    }
  });

  test('frames a stream chunk by chunk', async () => {
    const { origin, seen } = await keeping();
    const whole = await buildBody([{ name: 'note', content: { text } }]);
    const bytes = whole.open() as Buffer;
    const chunks = [bytes.subarray(0, 10), Buffer.alloc(0), bytes.subarray(10)];
    const body = { ...whole, segments: [], open: () => Readable.from(chunks) };
    const headers = ['content-type', body.contentType, 'transfer-encoding', 'chunked'];
    await runRound(await uploadTo(origin, { body, headers }), 1, 1);
    expect(seen[0]!.body).toBe(bytes.toString('latin1'));
  });
});

test('a stream that ends before its length is a failed upload', async () => {
  const { origin } = await keeping();
  const whole = await buildBody([{ name: 'note', content: { text: 'hello' } }]);
  const body = { ...whole, segments: [], open: () => Readable.from([Buffer.from('hello')]) };
  const { errors } = await runRound(await uploadTo(origin, { body }), 1, 1);
  expect(errors).toEqual({ BODY_CHANGED: 1 });
});

test('without keep-alive each upload has a connection of its own, and says so', async () => {
  const connections = new Set();
  let said: string | undefined;
  const origin = await serve((request, response) => {
    connections.add(request.socket);
    said = request.headers.connection;
    void answer(request, response);
  });
  await runRound(await uploadTo(origin, { keepAlive: false }), 6, 2);
  expect(connections.size).toBe(6);
  expect(said).toBe('close');
});

describe('Expect: 100-continue', () => {
  const expecting = async (origin: string) => {
    const request = await uploadTo(origin);
    return { ...request, headers: [...request.headers, 'Expect', '100-continue'] };
  };

  test('sends the body once the server says so', async () => {
    const { origin, seen } = await keeping();
    const result = await runRound(await expecting(origin), 3, 1);
    expect(result.statuses).toEqual({ 200: 3 });
    expect(seen[2]!.body).toContain('hello');
  });

  test('keeps the body of an upload that is refused', async () => {
    const received: string[] = [];
    const origin = await serveTcp(socket => {
      socket.on('data', bytes => {
        received.push(bytes.toString());
        socket.write('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
      });
    });
    const result = await runRound(await expecting(origin), 2, 1);
    expect(result.statuses).toEqual({ 401: 2 });
    expect(received.join('')).not.toContain('hello');
  });

  test('sends the body all the same to a server that says nothing', async () => {
    const origin = await serveTcp(socket => {
      let received = '';
      socket.on('data', bytes => {
        received += bytes;
        if (received.includes('hello')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      });
    });
    expect((await runRound(await expecting(origin), 1, 1)).statuses).toEqual({ 200: 1 });
  });
});

describe('a redirect', () => {
  /** Sends uploads on to another origin, or to another path of its own. */
  async function redirecting(to: (own: string) => string, cookies: string[] = []) {
    let own = '';
    let home: IncomingHttpHeaders = {};
    own = await serve(async (request, response) => {
      await bodyOf(request);
      home = request.headers;
      if (request.url === '/upload') {
        response.writeHead(307, { location: to(own), 'set-cookie': cookies }).end();
      } else response.end();
    });
    return { own, home: () => home };
  }
  const secrets = ['Authorization', 'Basic c2VjcmV0', 'Cookie', 'own=1', 'X-Api-Key', '7', 'Accept', 'a/b'];

  test('to another host takes no credentials along', async () => {
    const { origin: elsewhere, seen } = await keeping();
    const { own, home } = await redirecting(() => `${elsewhere}/there`);
    await runRound(await uploadTo(own, { location: true, headers: secrets }), 1, 1);
    expect(home()).toMatchObject({ authorization: 'Basic c2VjcmV0', cookie: 'own=1' });
    expect(seen[0]!.headers).toMatchObject({ accept: 'a/b', host: new URL(elsewhere).host });
    for (const name of ['authorization', 'cookie', 'x-api-key']) {
      expect(seen[0]!.headers).not.toHaveProperty(name);
    }
  });

  test('within a host takes them along', async () => {
    const { own, home } = await redirecting(() => '/there');
    await runRound(await uploadTo(own, { location: true, headers: secrets }), 1, 1);
    expect(home()).toMatchObject({ authorization: 'Basic c2VjcmV0', cookie: 'own=1' });
  });

  test('brings its cookies along with the cookie engine, for that upload alone', async () => {
    const { own, home } = await redirecting(() => '/there', ['id=7; Path=/', 'no=1; Path=/other']);
    const request = await uploadTo(own, { location: true, headers: secrets, cookieEngine: true });
    await runRound(request, 2, 1);
    expect(home().cookie).toBe('own=1; id=7');
    await runRound({ ...request, cookieEngine: false }, 1, 1);
    expect(home().cookie).toBe('own=1');
  });

  test('to something else than HTTP is an answer like others', async () => {
    const { own } = await redirecting(() => 'file:///etc/passwd');
    const result = await runRound(await uploadTo(own, { location: true }), 1, 1);
    expect(result.statuses).toEqual({ 307: 1 });
  });
});
