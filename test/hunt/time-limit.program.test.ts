import { describe, expect, test, vi } from 'vitest';
import { hunt } from '../../src/hunt/hunt.js';
import type { HuntOptions } from '../../src/hunt/options.js';
import { bodyOf, serve } from '../support/servers.js';

/** Seconds: a tenth of what one upload may take without the limit, and time enough for a busy machine. */
const muchLater = 30;

/** A server that leaks a thing with each upload, takes 100 ms for each from the `slow`th on, and answers none from the `hangs`th on. */
async function slowServer({
  hangs = Number.POSITIVE_INFINITY,
  slow = Number.POSITIVE_INFINITY,
}): Promise<Partial<HuntOptions>> {
  let open = 7;
  const origin = await serve(async (request, response) => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ open }));
      return;
    }
    await bodyOf(request);
    open += 1;
    const number = open - 7;
    if (number < hangs) setTimeout(() => response.end('ok\n'), number < slow ? 0 : 400);
  });
  return { url: `${origin}/upload`, probes: [`json=${origin}/stats#/open;name=open-files`] };
}

async function timed(options: Partial<HuntOptions>) {
  const start = performance.now();
  const short = { uploadsPerRound: 10, concurrency: 2, settle: 0.01, warmUpRounds: 1, drain: '0.1' };
  const record = await hunt({
    url: '',
    ...short,
    fixture: { kind: 'text', size: 1000, seed: 1 },
    ...options,
  });
  return { record, seconds: (performance.now() - start) / 1000 };
}

describe('the time limit', () => {
  test('ends a round of uploads that are never answered, and keeps what was read before', async () => {
    const { record, seconds } = await timed({ ...(await slowServer({ hangs: 35 })), timeLimit: 5 });
    expect(record).toMatchObject({ end: 'time-limit', verdict: 'inconclusive', exitCode: 3 });
    expect(record.load.errors).toEqual({ INTERRUPTED: 2 });
    expect(record.warnings[0]).toBe(
      'The hunt ended at its time limit, and 2 uploads without a response by then were aborted: raise it with --time-limit.',
    );
    expect(record.resources[0]?.points.length).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(muchLater);
  });

  test('ends the first round as well, on several threads too', async () => {
    const { record, seconds } = await timed({
      ...(await slowServer({ hangs: 0 })),
      timeLimit: 0.5,
      workers: 2,
    });
    expect(record).toMatchObject({ end: 'time-limit', exitCode: 3, resources: [] });
    expect(seconds).toBeLessThan(muchLater);
  });

  test('calls no leak while uploads are in hand: the target could not be given a rest', async () => {
    const { record } = await timed({ ...(await slowServer({ hangs: 105 })), timeLimit: 6, rounds: 20 });
    expect(record).toMatchObject({ end: 'time-limit', exitCode: 3 });
    expect(record.resources[0]).toMatchObject({ verdict: 'inconclusive', reason: 'backlog' });
  });

  test('shortens the round under way of a target that answers, and calls its leak', async () => {
    const options = { ...(await slowServer({ slow: 405 })), uploadsPerRound: 40, timeLimit: 4, rounds: 90 };
    const { record, seconds } = await timed(options);
    expect(record).toMatchObject({ end: 'time-limit', verdict: 'leak', exitCode: 1 });
    expect(record.load.errors).toEqual({});
    const uploaded = record.rounds.filter(({ kind }) => kind === 'upload').map(({ sent }) => sent);
    expect(uploaded.at(-1)).toBeLessThan(40);
    expect(record.warnings.join()).not.toContain('fewer uploads');
    expect(seconds).toBeLessThan(muchLater);
  });

  test('is not moved by a clock that is set back or ahead', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const { record, seconds } = await timed({
        ...(await slowServer({})),
        timeLimit: 60,
        rounds: 8,
        onEvent: event => {
          if (event.type === 'reading')
            vi.setSystemTime(Date.now() + (event.reading.uploads % 20 === 0 ? -2 : 1) * 3_600_000);
        },
      });
      expect(record.end).toBe('rounds-done');
      expect(record.leakhunt.seconds).toBeGreaterThan(0);
      expect(record.leakhunt.seconds).toBeLessThanOrEqual(seconds);
    } finally {
      vi.useRealTimers();
    }
  });
});
