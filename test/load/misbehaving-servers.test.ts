import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Body } from '../../src/load/body/body.js';
import { Connection } from '../../src/load/http/connection.js';
import { messagesOf } from '../../src/load/http/message.js';
import { runRound } from '../../src/load/round.js';
import { freePort, serve, serveTcp } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const refusal = 'HTTP/1.1 413 Too Large\r\ncontent-length: 9\r\n\r\ntoo large';

/** A body of 8 MB, more than sockets hold: in one chunk, or as a stream. */
function large(streamed: boolean): Body {
  const bytes = Buffer.alloc(8 * 2 ** 20);
  const open = () => (streamed ? Readable.from(chunks()) : bytes);
  function* chunks() {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }
  return {
    contentType: 'application/octet-stream',
    size: bytes.length,
    segments: streamed ? [{ file: { path: '/dev/zero', size: bytes.length, mtimeMs: 0 }, from: 0 }] : [bytes],
    open,
    verify: async () => {},
  };
}

/** Calls `then` with each connection once so many bytes have come. */
function onceReceived(bytes: number, then: (socket: Socket) => void) {
  return (socket: Socket) => {
    let left = bytes;
    socket.on('data', chunk => {
      const before = left;
      left -= chunk.length;
      if (before > 0 && left <= 0) then(socket);
    });
  };
}

describe.each([
  ['in one chunk', false],
  ['streamed', true],
])('a body %s', (_, streamed) => {
  test('that is answered before it was read counts as that answer, on a connection that is then closed', async () => {
    let connections = 0;
    const origin = await serveTcp(socket => {
      connections += 1;
      onceReceived(65_536, each => each.pause().write(refusal))(socket);
    });
    const result = await runRound(await uploadTo(origin, { body: large(streamed) }), 3, 1);
    expect(result).toMatchObject({ sent: 3, completed: 3, failed: 3, statuses: { 413: 3 }, errors: {} });
    expect(result.firstFailure?.text).toBe('too large');
    expect(connections).toBe(3);
  });

  test('whose connection is reset half-way is a failed upload, and is not sent again', async () => {
    let connections = 0;
    const origin = await serveTcp(socket => {
      connections += 1;
      onceReceived(65_536, each => each.resetAndDestroy())(socket);
    });
    const result = await runRound(await uploadTo(origin, { body: large(streamed) }), 3, 1);
    expect(result).toMatchObject({ sent: 3, completed: 0, failed: 3, resent: 0 });
    expect(Object.keys(result.errors).filter(code => !/^(ECONNRESET|EPIPE)$/.test(code))).toEqual([]);
    expect(connections).toBe(3);
  });

  test('whose answer came right before the reset is answered', async () => {
    const origin = await serveTcp(
      onceReceived(65_536, socket => socket.write(refusal, () => socket.resetAndDestroy())),
    );
    const result = await runRound(await uploadTo(origin, { body: large(streamed) }), 50, 5);
    expect(result).toMatchObject({ completed: 50, statuses: { 413: 50 }, errors: {} });
  });
});

test('an answer is read even where the next write finds the connection reset', async () => {
  // In a thread of its own, the server answers and resets while this one is held up between two chunks.
  const server = new Worker(
    `const socket = require('node:net').createServer(socket => {
       socket.on('error', () => {});
       socket.once('data', () => socket.write(${JSON.stringify(refusal)}, () => socket.resetAndDestroy()));
     }).listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(socket.address().port));`,
    { eval: true },
  );
  onTestFinished(async () => {
    await server.terminate();
  });
  const [port] = await once(server, 'message');
  const chunk = Buffer.alloc(65_536);
  function* chunks() {
    yield chunk;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    yield chunk;
  }
  const body = { ...large(true), size: 2 * chunk.length, open: () => Readable.from(chunks()) };
  const result = await runRound(await uploadTo(`http://127.0.0.1:${port}`, { body }), 5, 1);
  expect(result).toMatchObject({ statuses: { 413: 5 }, errors: {} });
});

test('a connection reset in the middle of an answer is a failed upload', async () => {
  const origin = await serveTcp(onceReceived(1, socket => socket.end(refusal.slice(0, -4))));
  const { errors, firstFailure } = await runRound(await uploadTo(origin), 1, 1);
  expect(errors).toEqual({ ECONNRESET: 1 });
  expect(firstFailure?.text).toBe('the server closed the connection in the middle of its response');
});

test('an answer of a gigabyte is read to its end in bounded memory', async () => {
  const size = 2 ** 30;
  const chunk = Buffer.alloc(2 ** 20);
  const origin = await serve(async (_, response) => {
    response.writeHead(500, { 'content-length': size });
    for (let sent = 0; sent < size; sent += chunk.length) {
      if (!response.write(chunk)) await new Promise(resolve => response.once('drain', resolve));
    }
    response.end();
  });
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }, 10);
  const result = await runRound(await uploadTo(origin), 1, 1);
  clearInterval(watch);
  expect(result.statuses).toEqual({ 500: 1 });
  expect(most - before).toBeLessThan(100 * 2 ** 20);
});

test('an answer that never ends is broken off in time', async () => {
  const origin = await serve((_, response) => {
    response.writeHead(200);
    const more = () => {
      if (!response.destroyed) response.write('x'.repeat(1000), () => setImmediate(more));
    };
    more();
  });
  const { errors } = await runRound(await uploadTo(origin, { maxTime: 0.1 }), 2, 2);
  expect(errors).toEqual({ TIMEOUT: 2 });
});

describe('a kept-alive connection', () => {
  /** Answers the first upload of a connection and closes it, without a word, when the second one arrives. */
  const closesSecond = (socket: Socket) => {
    let uploads = 0;
    socket.on('data', () => {
      uploads += 1;
      if (uploads === 1) socket.write(ok);
      else socket.resetAndDestroy();
    });
  };

  test('closed by the server just when an upload is under way: that one is sent again, once, and counted', async () => {
    const origin = await serveTcp(closesSecond);
    const result = await runRound(await uploadTo(origin), 4, 1);
    expect(result).toMatchObject({ sent: 4, completed: 4, failed: 0, resent: 3, statuses: { 200: 4 } });
  });

  test('closed while it is idle carries no further upload', async () => {
    const origin = new URL(await serveTcp(socket => socket.once('data', () => socket.end(ok))));
    const request = await uploadTo(origin.href);
    const answered = new Promise<Connection>((resolve, reject) => {
      const receiver = { onAnswer: () => resolve(connection), onFailure: reject };
      const connection = new Connection(origin, request, receiver, true);
      connection.send(messagesOf(request)(request.url, 0));
    });
    const connection = await answered;
    await expect.poll(() => connection.usable).toBe(false);
  });

  test('closed after the first bytes of an answer: the upload has failed', async () => {
    const origin = await serveTcp(socket => {
      socket.once('data', () => {
        socket.write(ok);
        socket.once('data', () => socket.end('HTTP/1.1 2'));
      });
    });
    const result = await runRound(await uploadTo(origin), 2, 1);
    expect(result).toMatchObject({ completed: 1, failed: 1, resent: 0, errors: { ECONNRESET: 1 } });
  });

  test('that a server uses to answer twice is given up', async () => {
    let connections = 0;
    const origin = await serveTcp(socket => {
      connections += 1;
      socket.on('data', () => socket.write(ok + ok));
    });
    const result = await runRound(await uploadTo(origin), 3, 1);
    expect(result).toMatchObject({ completed: 3, failed: 0 });
    expect(connections).toBe(3);
  });
});

test('a fresh connection that is closed without an answer is a failed upload, never sent again', async () => {
  let received = 0;
  const origin = await serve((_, response) => {
    received += 1;
    response.socket?.destroy();
  });
  const result = await runRound(await uploadTo(origin), 5, 1);
  expect(received).toBe(5);
  expect(result).toMatchObject({ sent: 5, failed: 5, resent: 0, errors: { ECONNRESET: 5 } });
});

test('a server that takes no connection is told by its code', async () => {
  const result = await runRound(await uploadTo(`http://127.0.0.1:${await freePort()}`), 3, 1);
  expect(result.errors).toEqual({ ECONNREFUSED: 3 });
});
