import { describe, expect, test } from 'vitest';
import { Pacer } from '../../src/load/pacer.js';
import { runRound } from '../../src/load/round.js';
import { answer, serve } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

/** A timer of Node's may fire this much before its time, in seconds. */
const early = 0.002;

test('a schedule is due at even distances from its start', () => {
  const schedule = new Pacer(1000, 50);
  expect([0, 1, 2, 50].map(index => schedule.due(index))).toEqual([1000, 1020, 1040, 2000]);
  expect([1000, 1001, 1020, 1021].map(time => schedule.dueBefore(time))).toEqual([0, 1, 1, 2]);
});

describe('a rate', () => {
  test('begins no upload before it is due, and none late while a connection is free', async () => {
    const origin = await serve(answer);
    const result = await runRound(await uploadTo(origin, { rate: 50 }), 6, 6);
    expect(result).toMatchObject({ sent: 6, completed: 6, lateStarts: 0 });
    expect(result.seconds).toBeGreaterThanOrEqual(5 / 50 - early);
  });

  test('counts what begins late for want of a connection, with latencies from when it was due', async () => {
    let received = 0;
    const origin = await serve((request, response) => {
      received += 1;
      if (received === 1) setTimeout(() => void answer(request, response), 100);
      else void answer(request, response);
    });
    const result = await runRound(await uploadTo(origin, { rate: 1000 }), 5, 1);
    expect(result).toMatchObject({ sent: 5, completed: 5, lateStarts: 4 });
    // All five were due within 4 ms and answered after 100 ms, however quick the last four were.
    expect(result.latency.min).toBeGreaterThan(90_000);
  });

  test('is still broken off at once while nothing is due', async () => {
    const controller = new AbortController();
    const origin = await serve(answer);
    const request = await uploadTo(origin, { rate: 0.01 });
    const result = await runRound(request, 10, 2, controller.signal, () => controller.abort());
    expect(result).toMatchObject({ sent: 1, completed: 1, failed: 0 });
  });
});

test('a think time passes between the uploads of a connection', async () => {
  const origin = await serve(answer);
  const { completed, seconds } = await runRound(await uploadTo(origin, { thinkTime: 0.05 }), 6, 2);
  expect(completed).toBe(6);
  expect(seconds).toBeGreaterThanOrEqual(2 * 0.05 - early);
});

test('a think time is broken off at once', async () => {
  const controller = new AbortController();
  const origin = await serve(answer);
  const request = await uploadTo(origin, { thinkTime: 1000 });
  const result = await runRound(request, 10, 1, controller.signal, () =>
    setImmediate(() => controller.abort()),
  );
  expect(result).toMatchObject({ sent: 1, completed: 1 });
});

describe('a duration', () => {
  test('ends a round in place of a number of uploads, and waits for what is under way', async () => {
    let received = 0;
    const origin = await serve((request, response) => {
      received += 1;
      void answer(request, response);
    });
    const result = await runRound(await uploadTo(origin, { duration: 0.2 }), 1, 3);
    expect(result.seconds).toBeGreaterThanOrEqual(0.2 - early);
    expect(result.sent).toBeGreaterThanOrEqual(3);
    expect(result).toMatchObject({ sent: received, completed: received, failed: 0 });
  });

  test('and a rate leave out what is due after its end', async () => {
    const origin = await serve(answer);
    const result = await runRound(await uploadTo(origin, { duration: 0.1, rate: 50 }), 1, 10);
    expect(result.completed).toBe(result.sent);
    expect(result.sent + result.missedStarts).toBe(5);
  });

  test('and a rate count what was due but never found a connection', async () => {
    const origin = await serve((request, response) => {
      setTimeout(() => void answer(request, response), 1000);
    });
    const result = await runRound(await uploadTo(origin, { duration: 0.5, rate: 10 }), 1, 2);
    // Two connections at most carry one upload each: what was due beyond that never began.
    expect(result.missedStarts).toBeGreaterThanOrEqual(3);
    expect(result.sent + result.missedStarts).toBe(5);
  });
});
