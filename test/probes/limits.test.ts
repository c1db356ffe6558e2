import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readPage } from '../../src/probes/http.js';
import { actuator } from '../../src/probes/sources/actuator.js';
import { expvar } from '../../src/probes/sources/expvar.js';
import { json } from '../../src/probes/sources/json.js';
import { prometheus } from '../../src/probes/sources/prometheus.js';
import { promql } from '../../src/probes/sources/promql.js';
import { freePort, serve, serveTcp } from '../support/servers.js';

const target = { url: new URL('http://127.0.0.1:1'), ports: [] };
const MiB = Buffer.alloc(2 ** 20, 'x');

const endless: RequestListener = (_, response) => {
  const more = () => {
    while (!response.destroyed && response.write(MiB));
  };
  response.on('drain', more);
  more();
};

describe('a page', () => {
  test('without an end is cut off at 64 MiB, and the connection with it', async () => {
    let closed: Promise<unknown> | undefined;
    const origin = await serve((request, response) => {
      closed = once(response, 'close');
      endless(request, response);
    });
    await expect(readPage(`${origin}/big`)).rejects.toThrow(
      `${origin}/big: the page is larger than 64.0 MiB`,
    );
    await closed;
  });

  test.each([
    ['hangs before its head', () => {}, 'no answer within 1 s'],
    ['hangs in its body', (_, response) => response.write('x'), 'no complete page within 1 s'],
    [
      'drips',
      (_, response) => {
        const timer = setInterval(() => response.write('x'), 10);
        response.on('close', () => clearInterval(timer));
      },
      'no complete page within 1 s',
    ],
  ] satisfies [string, RequestListener, string][])(
    'that %s is given up in time',
    async (_, listener, words) => {
      const origin = await serve(listener);
      await expect(readPage(`${origin}/slow`, { timeout: 1000 })).rejects.toThrow(
        new Error(`${origin}/slow: ${words}`),
      );
    },
  );

  test.each([
    ['that ends early', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx'],
    ['that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['without a word', ''],
  ])('%s is an error that names its address', async (_, text) => {
    const origin = await serveTcp(socket => socket.once('data', () => socket.end(text)));
    await expect(readPage(`${origin}/a`)).rejects.toThrow(`${origin}/a: `);
  });

  test('of a port on which nothing listens is an error with the code of the system', async () => {
    const origin = `http://127.0.0.1:${await freePort()}`;
    await expect(readPage(`${origin}/a`)).rejects.toThrow(new Error(`${origin}/a: ECONNREFUSED`));
  });

  test('that is not UTF-8 is read all the same', async () => {
    const origin = await serve((_, response) => response.end(Buffer.from([0x61, 0xff, 0x62])));
    expect((await readPage(origin)).text).toBe('a\ufffdb');
  });
});

describe('an encoded page', () => {
  const serveEncoded = (encoding: string, bytes: Buffer) =>
    serve((_, response) => response.setHeader('content-encoding', encoding).end(bytes));

  test.each([
    ['gzip', gzipSync('hello')],
    ['GZIP', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['deflate', deflateRawSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['identity', Buffer.from('hello')],
  ])('is decoded from %s', async (encoding, bytes) => {
    expect((await readPage(await serveEncoded(encoding, bytes))).text).toBe('hello');
  });

  test('is not asked for', async () => {
    const origin = await serve((request, response) => response.end(request.headers['accept-encoding']));
    expect((await readPage(origin)).text).toBe('identity');
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(100 * 2 ** 20))],
    ['deflate', deflateSync(Buffer.alloc(100 * 2 ** 20))],
    ['br', brotliCompressSync(Buffer.alloc(100 * 2 ** 20), { params: { 0: 0, 1: 0 } })],
  ])('that a %s bomb would make of a few bytes is refused', async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(200_000);
    await expect(readPage(await serveEncoded(encoding, bomb))).rejects.toThrow(
      'the page is larger than 64.0 MiB',
    );
  });

  test.each([
    ['gzip', gzipSync('hello hello').subarray(0, -9), 'its gzip encoding is broken (unexpected end of file)'],
    ['gzip', Buffer.from('hello'), 'its gzip encoding is broken (incorrect header check)'],
    ['zstd', Buffer.from('hello'), 'its content encoding "zstd" is not supported'],
  ])('of %s that cannot be decoded is a clear error', async (encoding, bytes, words) => {
    const origin = await serveEncoded(encoding, bytes);
    await expect(readPage(`${origin}/a`)).rejects.toThrow(`${origin}/a: ${words}`);
  });
});

describe('a redirect', () => {
  /** Redirects as often as the path says, then answers what authorization it was sent. */
  const countdown: RequestListener = (request, response) => {
    const left = Number(request.url!.slice(1));
    if (left === 0) response.end(request.headers.authorization ?? 'nobody');
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  };

  test('is followed five times', async () => {
    const origin = await serve(countdown);
    expect((await readPage(`${origin}/5`)).status).toBe(200);
    await expect(readPage(`${origin}/6`)).rejects.toThrow(`${origin}/6: it redirects more than 5 times`);
  });

  test('to another host is refused by name, whatever its address keeps secret', async () => {
    const location = 'http://ann:s3cret@elsewhere.example:8080/x?token=s3cret';
    const origin = await serve((_, response) => response.writeHead(301, { location }).end());
    const error = await readPage(`${origin}/a`).catch(each => each as Error);
    expect(String(error)).toContain(`${origin}/a: it redirects to another host (elsewhere.example:8080)`);
    expect(String(error)).not.toContain('s3cret');
  });

  test('to another port of the host is followed, without the credentials', async () => {
    const other = await serve(countdown);
    const origin = await serve((_, response) => response.writeHead(307, { location: `${other}/0` }).end());
    expect((await readPage(origin.replace('//', '//ann:s3cret@'))).text).toBe('nobody');
  });

  test.each([
    ['file:///etc/passwd', 'it redirects to another host'],
    ['http://', 'it redirects to an address that is no URL'],
  ])('to %s is refused', async (location, words) => {
    const origin = await serve((_, response) => response.writeHead(302, { location }).end());
    await expect(readPage(origin)).rejects.toThrow(words);
  });

  test('with a body that never ends is followed all the same', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/there') return response.end('arrived');
      response.writeHead(302, { location: '/there' });
      endless(request, response);
    });
    expect((await readPage(`${origin}/a`)).text).toBe('arrived');
  });
});

test('credentials in an address are sent, also after a redirect, and shown nowhere', async () => {
  const origin = await serve((request, response) => {
    if (request.url!.startsWith('/a')) response.writeHead(302, { location: '/b?token=s3cret' }).end();
    else response.end(request.headers.authorization);
  });
  const page = await readPage(`${origin.replace('//', '//ann:s%40cret@')}/a?token=s3cret`);
  expect(page.text).toBe(`Basic ${Buffer.from('ann:s@cret').toString('base64')}`);
  expect(page.address).toBe(`${origin}/a`);
});

test.each([
  'http://ann:s3cret@host:99999/?token=s3cret',
  'ann:s3cret@:?s3cret',
  'ftp://ann:s3cret@host/?a=s3cret',
])('an address that is none (%#) is a usage error, and its secrets are shown nowhere', async argument => {
  const error = await expvar(target, argument).catch(each => each as Error);
  expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('is not an address') });
  expect(String(error)).not.toContain('s3cret');
});

const sources = {
  prometheus: (address: string) => prometheus(target, `${address}/metrics?token=s3cret`),
  expvar: (address: string) => expvar(target, `${address}/debug/vars?token=s3cret`),
  actuator: (address: string) => actuator(target, `${address}/actuator?token=s3cret`),
  json: (address: string) => json(target, `${address}/stats?token=s3cret#/a`),
  promql: (address: string) => promql(target, `${address}/?query=s3cret`),
};

describe.each(Object.entries(sources))('the %s probe', (_, open) => {
  const refusal = async (listener: RequestListener) => {
    const origin = await serve(listener);
    const error = await open(origin.replace('//', '//ann:s3cret@')).catch(each => each as Error);
    expect(error).toMatchObject({ name: 'NotThere', message: expect.stringContaining(origin) });
    expect(String(error)).not.toMatch(/s3cret|ann/);
    return String(error);
  };

  test('cuts off a page that does not end', async () => {
    expect(await refusal(endless)).toContain('the page is larger than 64.0 MiB');
  });

  test('refuses another kind of page, and shows no secret of its address', async () => {
    const words = await refusal((__, response) =>
      response.setHeader('content-type', 'image/png').end(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255])),
    );
    expect(words).toContain('image/png');
  });

  test('says what status came back', async () => {
    expect(await refusal((__, response) => response.writeHead(401).end())).toContain('answered 401');
  });
});

test('every probe gives up a page that hangs after 5 s when it looks for its source', async () => {
  const origin = await serve(() => {});
  const opened = await Promise.allSettled(Object.values(sources).map(open => open(origin)));
  for (const each of opened)
    expect(String((each as PromiseRejectedResult).reason)).toMatch(/: no answer within 5 s$/);
});
