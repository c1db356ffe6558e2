import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildBody, largestShared } from '../../src/load/body/body.js';
import { bodyOfShared, shareBody } from '../../src/load/body/shared-body.js';
import { partOf } from '../../src/load/connections/share.js';
import type { UploadRequest } from '../../src/load/request.js';
import { runRound } from '../../src/load/round.js';
import { closeWorkers } from '../../src/load/threads/workers.js';
import { answer, bodyOf, freePort, serve } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

const hello = await buildBody([{ name: 'note', content: { text: 'hello' } }]);

function onTwoThreads(origin: string, options: Partial<UploadRequest> = {}) {
  return uploadTo(origin, { workers: 2, body: hello, ...options });
}

afterAll(closeWorkers);

describe('a round on two threads', () => {
  test('sends exactly n uploads in all, c at a time, and counts each', async () => {
    const seen = new Set<string>();
    const sockets = new Set();
    let received = 0;
    const origin = await serve(async (incoming, response) => {
      received += 1;
      const nth = received;
      sockets.add(incoming.socket);
      seen.add((await bodyOf(incoming)).toString());
      response.writeHead(nth % 5 === 0 ? 503 : 201).end('so\n');
    });
    let told = 0;
    const result = await runRound(await onTwoThreads(origin), 51, 5, undefined, done => {
      told = done;
    });
    expect(received).toBe(51);
    expect(result).toMatchObject({ sent: 51, completed: 51, failed: 10, statuses: { 201: 41, 503: 10 } });
    expect(result.latency.count).toBe(51);
    expect(result.firstFailure).toEqual({ status: 503, text: 'so' });
    expect(told).toBe(51);
    expect(sockets.size).toBe(5);
    expect([...seen]).toEqual([(hello.open() as Buffer).toString()]);
    await expect
      .poll(() => [...sockets].every(socket => (socket as { destroyed: boolean }).destroyed))
      .toBe(true);
  });

  test('numbers every upload of all rounds with another number', async () => {
    const names: string[] = [];
    const origin = await serve(async (incoming, response) => {
      names.push(/filename="(.*?)"/.exec((await bodyOf(incoming)).toString())![1]!);
      response.end();
    });
    const parts = [{ name: 'file', content: { bytes: Buffer.from('0123456789abc') }, filename: 'a.txt' }];
    const upload = await onTwoThreads(origin, { body: await buildBody(parts, { unique: true }) });
    for (let i = 0; i < 3; i++) await runRound(upload, 7, 3);
    expect(names).toHaveLength(21);
    expect(new Set(names).size).toBe(21);
  });

  test('is broken off when it is told to', async () => {
    const controller = new AbortController();
    let received = 0;
    const origin = await serve((incoming, response) => {
      received += 1;
      if (received === 20) controller.abort();
      else if (received < 20) void answer(incoming, response);
    });
    const result = await runRound(await onTwoThreads(origin), 100_000, 4, controller.signal);
    expect(result.sent).toBeLessThan(100);
    expect(result.errors.INTERRUPTED).toBeGreaterThan(0);
    expect(result.completed + result.failed).toBe(result.sent);
  });

  test('counts what is not answered by its code', async () => {
    const result = await runRound(await onTwoThreads(`http://127.0.0.1:${await freePort()}`), 10, 4);
    expect(result).toMatchObject({ sent: 10, failed: 10, errors: { ECONNREFUSED: 10 } });
  });

  test('shares out a rate', async () => {
    const origin = await serve(answer);
    const result = await runRound(await onTwoThreads(origin, { rate: 50 }), 6, 6);
    expect(result).toMatchObject({ completed: 6, lateStarts: 0 });
    expect(result.seconds).toBeGreaterThanOrEqual(2 / 25 - 0.002);
  });

  test('ends with the usage error that one of them meets', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'large');
    await writeFile(path, Buffer.alloc(largestShared + 1));
    const body = await buildBody([{ name: 'file', content: { path }, filename: 'large' }]);
    const upload = await onTwoThreads(await serve(incoming => incoming.on('error', () => {})), { body });
    await rm(path);
    await expect(runRound(upload, 4, 2)).rejects.toMatchObject({ exitCode: 2, code: 'FILE_CHANGED' });
  });
});

test('a round is shared out to the last upload and connection', () => {
  const whole = { uploads: 10, concurrency: 4, serial: 100, step: 1 };
  expect([0, 1, 2].map(place => partOf(whole, 3, place))).toEqual([
    { uploads: 4, concurrency: 2, serial: 100, step: 3 },
    { uploads: 3, concurrency: 1, serial: 101, step: 3 },
    { uploads: 3, concurrency: 1, serial: 102, step: 3 },
  ]);
});

test('the bytes of a body are in memory once, whatever the number of threads', async () => {
  const shared = shareBody(hello);
  expect(shareBody(hello)).toBe(shared);
  const bytes = [bodyOfShared(shared), bodyOfShared(shared)].map(each => each.open() as Buffer);
  expect(bytes[0]).toEqual(hello.open());
  expect(bytes[0]!.buffer).toBe(bytes[1]!.buffer);
});
