import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Hunt, HuntOptions } from '../../src/index.js';
import { buildGoTarget, startGoTarget } from '../support/go.js';
import { type Broker, describeWithKafka, startBroker } from '../support/kafka.js';
import {
  culprit,
  expectFlat,
  expectFlatOrUndecided,
  expectLeak,
  forCounts,
  huntTarget,
  resource,
} from './hunting.js';

/** Of some 100 uploads the usual rate, one sample in 512 KiB, would see half a dozen objects. */
const fineProfile = { GODEBUG: 'memprofilerate=4096' };

const line = 'leakhunt.example/upload/publish.go:49';

/** Small rounds: a service that has thousands of goroutines and connections is slow to read. */
const options: Partial<HuntOptions> = { ...forCounts, uploadsPerRound: 20, concurrency: 4 };

describeWithKafka('a gin service that writes a message to Kafka for each upload', () => {
  let broker: Broker;
  beforeAll(async () => {
    [broker] = await Promise.all([startBroker(), buildGoTarget('go-kafka')]);
  });
  afterAll(() => broker?.stop());

  const start = async (writer: string) =>
    startGoTarget(
      await buildGoTarget('go-kafka'),
      ['-brokers', broker.address, '-writer', writer],
      fineProfile,
    );
  const huntWriter = (writer: string) => huntTarget(start(writer), options);

  test('leaks 4 goroutines and 2 connections per upload when it never closes its writers', async () => {
    const record = await huntWriter('unclosed');
    expectPerUpload(record, { goroutines: 4, sockets: 2 });
    expect(startersOf(record)).toEqual({
      '(*conn).run': [2, line],
      '(*connPool).discover': [1, line],
      '(*Writer).spawn.func1': [1, line],
    });
    expect(culprit(record, 'sockets').site.function).toBe(`TCP to ${broker.address}`);
    const parsing = record.churn!.sites!.map(({ stack }) => stack.map(frame => frame.function));
    expect(parsing.flat()).toContain('net/http.(*Request).ParseMultipartForm');
  });

  test('leaks 3 goroutines and 2 connections when it closes them, but gave each a transport of its own', async () => {
    const record = await huntWriter('own-transport');
    expectPerUpload(record, { goroutines: 3, sockets: 2 });
  });

  test.each([
    ['closes the writer of each upload', 'closed'],
    ['has one writer for all uploads', 'shared'],
  ])('leaks neither goroutines nor connections when it %s', async (_, writer) => {
    const record = await huntWriter(writer);
    expectFlatOrUndecided(record);
    expect(record.culprits).toEqual([]);
    expectFlat(record, 'goroutines', 'sockets');
  });
});

/** The goroutines that leak, by the function they run: how many per upload, and the own line that led to them. */
function startersOf({ culprits }: Hunt) {
  const found = culprits.filter(({ kind }) => kind === 'goroutines');
  return Object.fromEntries(
    found.map(({ site, perUpload, startedFrom }) => [
      site.function.replace('github.com/segmentio/kafka-go.', ''),
      [Math.round(perUpload.estimate), `${startedFrom?.file}:${startedFrom?.line}`],
    ]),
  );
}

/** Says of counts that each upload adds so many, exactly. */
function expectPerUpload(record: Hunt, counts: { goroutines: number; sockets: number }): void {
  for (const name of ['goroutines', 'sockets'] as const) {
    expectLeak(record, name);
    const { low, high } = resource(record, name).perUpload;
    expect(low).toBeGreaterThan(counts[name] - 0.05);
    expect(high).toBeLessThan(counts[name] + 0.05);
  }
}
