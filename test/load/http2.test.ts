import { readFileSync } from 'node:fs';
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { usageError } from '../../src/errors.js';
import { buildBody } from '../../src/load/body/body.js';
import { runRound } from '../../src/load/round.js';
import { startProxy } from '../support/proxy.js';
import { answer, pemPath, serve, serveTls } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** An HTTP/2 server; over TLS it speaks HTTP/1.1 as well. */
async function serveHttp2(listener: Listener, options: { secure?: boolean; streams?: number } = {}) {
  const settings = options.streams === undefined ? {} : { maxConcurrentStreams: options.streams };
  const pem = { cert: readFileSync(pemPath('self-signed')), key: readFileSync(pemPath('key')) };
  const server: Http2Server = options.secure
    ? createSecureServer({ ...pem, settings }, listener)
    : createServer({ settings }, listener);
  const sessions = new Set<ServerHttp2Session>();
  let opened = 0;
  server.on('session', session => {
    opened += 1;
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const origin = `${options.secure ? 'https' : 'http'}://127.0.0.1:${port}`;
  return { origin, sessions: () => ({ open: sessions.size, opened }) };
}

async function bodyOf(request: Http2ServerRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const accept: Listener = async (request, response) => {
  await bodyOf(request);
  response.end('ok');
};

describe('HTTP/2', () => {
  test('looks for the text that is expected, and keeps the first answer', async () => {
    let answers = 0;
    const { origin } = await serveHttp2(async (request, response) => {
      await bodyOf(request);
      answers += 1;
      response.end(answers > 3 ? '{"ok":false}' : '{"ok":true}');
    });
    const request = await uploadTo(origin, { http2: true, expected: { text: '"ok":true' } });
    expect(await runRound(request, 8, 1)).toMatchObject({
      completed: 8,
      failed: 5,
      firstAnswer: { status: 200, text: '{"ok":true}' },
      firstFailure: { status: 200, text: '{"ok":false}', reason: 'answers without "ok":true' },
    });
  });

  test('sends exactly n uploads over one session, and closes it', async () => {
    let received = 0;
    const { origin, sessions } = await serveHttp2(async (request, response) => {
      received += 1;
      const body = await bodyOf(request);
      response.writeHead(body.includes('hello') ? 201 : 500).end();
    });
    const result = await runRound(await uploadTo(origin, { http2: true }), 40, 8);
    expect(received).toBe(40);
    expect(result).toMatchObject({ sent: 40, completed: 40, failed: 0, statuses: { 201: 40 } });
    expect(result.latency.count).toBe(40);
    expect(sessions().opened).toBe(1);
    await expect.poll(() => sessions().open).toBe(0);
  });

  test('is agreed on by ALPN over TLS, also through a proxy', async () => {
    const { origin } = await serveHttp2(accept, { secure: true });
    const request = await uploadTo(origin, { http2: true, insecure: true });
    expect((await runRound(request, 6, 3)).statuses).toEqual({ 200: 6 });
    const { address, seen } = await startProxy();
    expect((await runRound({ ...request, proxy: address }, 6, 3)).statuses).toEqual({ 200: 6 });
    expect(seen).toEqual([`CONNECT ${new URL(origin).host}`]);
  });

  test('opens more sessions where a server allows fewer streams than uploads in flight', async () => {
    let held: Http2ServerResponse[] = [];
    const { origin, sessions } = await serveHttp2(
      async (request, response) => {
        await bodyOf(request);
        held.push(response);
        if (held.length < 5) return;
        for (const each of held) each.end();
        held = [];
      },
      { streams: 2 },
    );
    const result = await runRound(await uploadTo(origin, { http2: true }), 20, 5);
    expect(result.statuses).toEqual({ 200: 20 });
    expect(sessions().opened).toBe(3);
  });

  test('streams a body as fast as the server takes it, and no faster', async () => {
    const size = 4 * 2 ** 20;
    const chunk = Buffer.alloc(65_536);
    let given = 0;
    let ahead = 0;
    let read = 0;
    function* chunks() {
      for (; given < size; given += chunk.length) {
        ahead = Math.max(ahead, given - read);
        yield chunk;
      }
    }
    const whole = await buildBody([{ name: 'note', content: { text: '' } }]);
    const body = { ...whole, size, segments: [], open: () => Readable.from(chunks()) };
    const { origin } = await serveHttp2(async (request, response) => {
      for await (const chunk of request) {
        read += (chunk as Buffer).length;
        await new Promise(resolve => setImmediate(resolve));
      }
      response.end();
    });
    const result = await runRound(await uploadTo(origin, { http2: true, body }), 1, 1);
    expect(result.statuses).toEqual({ 200: 1 });
    expect(read).toBe(size);
    expect(ahead).toBeLessThan(2 ** 20);
  });

  test('ends with the usage error of a body that cannot be read', async () => {
    const whole = await buildBody([{ name: 'note', content: { text: 'hello' } }]);
    // biome-ignore lint/correctness/useYield: it fails before it gives anything
    async function* unreadable(): AsyncGenerator<Buffer> {
      throw usageError('FILE_CHANGED', 'The file is gone.');
    }
    const body = { ...whole, segments: [], open: () => Readable.from(unreadable()) };
    const { origin } = await serveHttp2(accept);
    const round = runRound(await uploadTo(origin, { http2: true, body }), 3, 1);
    await expect(round).rejects.toMatchObject({ code: 'FILE_CHANGED', exitCode: 2 });
  });

  test('counts resets by their code', async () => {
    const { origin } = await serveHttp2((_, response) => response.stream.close(11));
    const result = await runRound(await uploadTo(origin, { http2: true }), 3, 1);
    expect(result).toMatchObject({ completed: 0, failed: 3, errors: { HTTP2_ENHANCE_YOUR_CALM: 3 } });
  });

  test('takes an answer that comes before the body was read', async () => {
    const body = { ...(await buildBody([{ name: 'a', content: { text: 'x'.repeat(2_000_000) } }])) };
    const { origin } = await serveHttp2((_, response) => response.writeHead(413).end('too large\nmore'));
    const result = await runRound(await uploadTo(origin, { http2: true, body }), 4, 2);
    expect(result).toMatchObject({ statuses: { 413: 4 }, firstFailure: { status: 413, text: 'too large' } });
  });

  test('sends an upload again where a session that had served before ends under it', async () => {
    let received = 0;
    const { origin } = await serveHttp2((request, response) => {
      received += 1;
      if (received === 2) request.stream.session!.destroy();
      else void accept(request, response);
    });
    const result = await runRound(await uploadTo(origin, { http2: true }), 3, 1);
    expect(result).toMatchObject({ sent: 3, completed: 3, resent: 1 });
  });

  test('breaks off an upload without an answer in time', async () => {
    const { origin } = await serveHttp2(() => {});
    const result = await runRound(await uploadTo(origin, { http2: true, maxTime: 0.1 }), 2, 2);
    expect(result.errors).toEqual({ TIMEOUT: 2 });
  });

  test('follows a redirect with the same body', async () => {
    const { origin } = await serveHttp2(async (request, response) => {
      const body = await bodyOf(request);
      if (request.url === '/upload') response.writeHead(308, { location: '/there' }).end();
      else response.writeHead(body.includes('hello') ? 201 : 500).end();
    });
    const result = await runRound(await uploadTo(origin, { http2: true, location: true }), 2, 1);
    expect(result.statuses).toEqual({ 201: 2 });
  });

  test('is missed with the next step at a server that speaks HTTP/1.1 alone', async () => {
    for (const origin of [await serve(answer), await serveTls(answer)]) {
      const request = await uploadTo(origin, { http2: true, insecure: true });
      const { firstFailure } = await runRound(request, 1, 1);
      expect(firstFailure?.text).toContain('remove --http2');
    }
  });
});
