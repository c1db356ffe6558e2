import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { latencyOf } from '../../src/load/latency.js';
import { runRound } from '../../src/load/round.js';
import { answer, bodyOf, freePort, serve, serveTcp } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

describe('a round', () => {
  test('sends exactly n uploads and counts each answer by status', async () => {
    let received = 0;
    const origin = await serve((request, response) => {
      received += 1;
      void answer(
        request,
        response,
        received % 5 === 0 ? 503 : 201,
        received % 5 === 0 ? 'too busy\nsecond' : '',
      );
    });
    const result = await runRound(await uploadTo(origin), 50, 7);
    expect(received).toBe(50);
    expect(result).toMatchObject({
      sent: 50,
      completed: 50,
      failed: 10,
      statuses: { 201: 40, 503: 10 },
      errors: {},
    });
    expect(result.firstFailure).toEqual({ status: 503, text: 'too busy' });
  });

  test('keeps at most c uploads in flight, and as many as c', async () => {
    let inFlight = 0;
    let most = 0;
    const origin = await serve(async (request, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await bodyOf(request);
      await sleep(5);
      inFlight -= 1;
      response.end();
    });
    await runRound(await uploadTo(origin), 40, 4);
    expect(most).toBe(4);
  });

  test('records the latency of every answered upload', async () => {
    const origin = await serve(answer);
    const { latency } = await runRound(await uploadTo(origin), 20, 2);
    expect(latency.count).toBe(20);
    const { p50, p99, max } = latencyOf(latency);
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(max).toBeGreaterThanOrEqual(p99);
  });

  test('leaves no connection open', async () => {
    let open = 0;
    const origin = await serveTcp(socket => {
      open += 1;
      socket.on('close', () => {
        open -= 1;
      });
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
      socket.on('end', () => socket.end());
    });
    await runRound(await uploadTo(origin), 6, 3);
    await expect.poll(() => open).toBe(0);
  });

  test('counts an upload without an answer in time as a TIMEOUT', async () => {
    const origin = await serve(() => {});
    const result = await runRound(await uploadTo(origin, { maxTime: 0.05 }), 2, 2);
    expect(result).toMatchObject({ sent: 2, completed: 0, failed: 2, errors: { TIMEOUT: 2 } });
  });

  test('ends early when nothing answers any more', async () => {
    const result = await runRound(await uploadTo(`http://127.0.0.1:${await freePort()}`), 10_000, 2);
    expect(result.sent).toBeLessThan(100);
    expect(result.errors).toEqual({ ECONNREFUSED: result.sent });
  });

  test('breaks off when it is told to', async () => {
    const controller = new AbortController();
    let received = 0;
    const origin = await serve((request, response) => {
      received += 1;
      if (received === 5) controller.abort();
      else void answer(request, response);
    });
    const result = await runRound(await uploadTo(origin), 1000, 1, controller.signal);
    expect(result.sent).toBe(5);
    expect(result.completed).toBe(4);
  });
});

describe('redirects', () => {
  async function redirecting(status: number) {
    const bodies: string[] = [];
    const origin = await serve(async (request, response) => {
      const body = (await bodyOf(request)).toString();
      if (request.url === '/upload') response.writeHead(status, { location: '/elsewhere' }).end();
      else {
        bodies.push(body);
        response.end();
      }
    });
    return { origin, bodies };
  }

  test('307 and 308 are followed with the same body when asked for', async () => {
    for (const status of [307, 308]) {
      const { origin, bodies } = await redirecting(status);
      const result = await runRound(await uploadTo(origin, { location: true }), 2, 1);
      expect(result.statuses).toEqual({ 200: 2 });
      expect(bodies[0]).toContain('hello');
    }
  });

  test('are answers like others when not asked for', async () => {
    const { origin, bodies } = await redirecting(307);
    const result = await runRound(await uploadTo(origin), 2, 1);
    expect(result).toMatchObject({ statuses: { 307: 2 }, failed: 2 });
    expect(bodies).toEqual([]);
  });

  test('that never end are an error', async () => {
    const origin = await serve(async (request, response) => {
      await bodyOf(request);
      response.writeHead(308, { location: '/upload' }).end();
    });
    const result = await runRound(await uploadTo(origin, { location: true }), 1, 1);
    expect(result.errors).toEqual({ TOO_MANY_REDIRECTS: 1 });
  });
});
