import { beforeAll, describe, expect, test } from 'vitest';
import { buildGoTarget, describeWithGo, startGoTarget } from '../support/go.js';
import {
  expectFlatOrUndecided,
  expectLeak,
  expectOnePerUpload,
  expectUploadsKept,
  forCounts,
  huntTarget,
  resource,
} from './hunting.js';

/** Where nobody can ask for a collection the heap is read with its garbage: collecting often, it has less of that. */
const env = { GOGC: '10' };

const startPlain = async (metrics: string, leak: string) =>
  startGoTarget(await buildGoTarget('go-plain'), ['-metrics', metrics, '-leak', leak], env);
const huntGo = (metrics: string, leak: string) => huntTarget(startPlain(metrics, leak));
const countGo = (metrics: string, leak: string) => huntTarget(startPlain(metrics, leak), forCounts);

describeWithGo('a net/http server', () => {
  beforeAll(() => buildGoTarget('go-plain'));

  describe('that serves pprof', () => {
    test('is flat when it keeps nothing, as its exact heap shows', async () => {
      const record = await huntGo('pprof', 'none');
      expectFlatOrUndecided(record);
      expect(record.verdict).toBe('flat');
      expect(resource(record, 'heap')).toMatchObject({ source: 'pprof', verdict: 'flat' });
    });

    test('leaks its uploads when it keeps their bodies', async () => {
      expectUploadsKept(await huntGo('pprof', 'body'), 'heap', 0.2);
    });

    test('leaks one goroutine per upload when it leaves one waiting', async () => {
      expectOnePerUpload(await countGo('pprof', 'goroutine'), 'goroutines');
    });
  });

  describe('that serves expvar alone', () => {
    test('does not leak when it keeps nothing', async () => {
      const record = await huntGo('expvar', 'none');
      expectFlatOrUndecided(record);
      expect(resource(record, 'heap').source).toBe('expvar');
    });

    test('leaks heap when it keeps the bodies of its uploads', async () => {
      const record = await huntGo('expvar', 'body');
      expect(resource(record, 'heap').source).toBe('expvar');
      expectLeak(record, 'heap');
    });

    test('leaks when it leaves a goroutine waiting, though expvar does not count them', async () => {
      const record = await huntGo('expvar', 'goroutine');
      expectLeak(record, 'stack');
      expect(resource(record, 'stack').perUpload.estimate).toBeCloseTo(2048, -3);
    });
  });

  describe('that serves Prometheus metrics alone', () => {
    test('does not leak when it keeps nothing', async () => {
      const record = await huntGo('prometheus', 'none');
      expectFlatOrUndecided(record);
      expect(resource(record, 'goroutines')).toMatchObject({ source: 'prometheus', verdict: 'flat' });
    });

    test('leaks heap when it keeps the bodies of its uploads', async () => {
      expectLeak(await huntGo('prometheus', 'body'), 'heap');
    });

    test('leaks one goroutine per upload when it leaves one waiting', async () => {
      const record = await countGo('prometheus', 'goroutine');
      expectOnePerUpload(record, 'goroutines');
      expect(resource(record, 'goroutines').source).toBe('prometheus');
    });
  });

  test.each(['pprof', 'expvar', 'prometheus'])(
    'leaks one open file per upload when it forgets one, whatever its metrics (%s)',
    async metrics => {
      expectOnePerUpload(await countGo(metrics, 'file'), 'open-files');
    },
  );
});
