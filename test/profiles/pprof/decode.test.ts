import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodePprof } from '../../../src/index.js';
import { capture, captures } from './captures.js';
import { byDecoder, byOracle } from './oracle.js';

test.each(captures)('%s is read as pprof-format reads it, to the last label', name => {
  const bytes = capture(name);
  const { samples, ...rest } = byDecoder(decodePprof(bytes));
  const { samples: expected, ...expectedRest } = byOracle(bytes);
  expect(rest).toEqual(expectedRest);
  expect(samples.length).toBeGreaterThan(0);
  expect(samples).toHaveLength(expected.length);
  const wrong = samples.findIndex((sample, i) => !isDeepStrictEqual(sample, expected[i]));
  expect(samples[wrong]).toEqual(expected[wrong]);
});

test('a profile is the same, gzip or plain', () => {
  const bytes = capture('heap-body-1.pb.gz');
  expect(byDecoder(decodePprof(gunzipSync(bytes)))).toEqual(byDecoder(decodePprof(bytes)));
});

describe('a heap profile of a Go service that keeps each upload', () => {
  const profile = decodePprof(capture('heap-body-2.pb.gz'));

  test('names its values and the rate of sampling', () => {
    expect(profile.sampleTypes.map(({ type, unit }) => `${type}/${unit}`)).toEqual([
      'alloc_objects/count',
      'alloc_space/bytes',
      'inuse_objects/count',
      'inuse_space/bytes',
    ]);
    expect(profile).toMatchObject({ period: 524_288, periodType: { type: 'space', unit: 'bytes' } });
    expect(new Date(Number(profile.timeNanos / 1_000_000n)).getFullYear()).toBeGreaterThan(2024);
  });

  test('has the stack of what is kept, the leaf first, with file and line', () => {
    const inUse = profile.typeIndex('inuse_space');
    const samples = [...profile.samples()].sort((a, b) => b.values[inUse]! - a.values[inUse]!);
    const { stack, values, labels } = samples[0]!;
    expect(stack[0]).toEqual({
      function: 'main.keepBody',
      file: 'leakhunt.example/upload/leaks.go',
      line: 56,
    });
    expect(stack.map(frame => frame.function)).toContain('net/http.(*conn).serve');
    expect(values[inUse]).toBeGreaterThan(10_000_000);
    expect(labels).toEqual([{ key: 'bytes', number: 106_496 }]);
  });

  test('expands inlined functions, the innermost first', () => {
    const inlined = [...profile.locationIndices]
      .map(index => profile.locationAt(index))
      .filter(({ lines }) => lines.length > 1);
    expect(inlined.length).toBeGreaterThan(0);
    expect(inlined.map(({ lines }) => lines.map(each => each.function!.name))).toContainEqual([
      'github.com/gin-gonic/gin.(*Context).Next',
      'github.com/gin-gonic/gin.CustomRecoveryWithWriter.func1',
    ]);
  });

  test('has columns as long as its samples', () => {
    const { sampleCount, locationOffsets, locationIndices, values } = profile;
    expect(locationOffsets).toHaveLength(sampleCount + 1);
    expect(locationOffsets.at(-1)).toBe(locationIndices.length);
    expect(values).toHaveLength(4 * sampleCount);
    expect(profile.typeIndex('cpu')).toBe(-1);
  });
});

test('what a process lost between two profiles is negative in their difference', () => {
  const profile = decodePprof(capture('heap-body-diff.pb.gz'));
  const inUse = profile.typeIndex('inuse_space');
  const kept = [...profile.samples()].filter(({ stack }) => stack[0]?.function === 'main.keepBody');
  expect(kept.map(({ labels, values }) => [labels[0], Math.sign(values[inUse]!)])).toEqual([
    [{ key: 'bytes', number: 106_496 }, 1],
    [{ key: 'pprof::base', text: 'true' }, -1],
  ]);
  const lost = kept.reduce((sum, { values }) => sum + values[inUse]!, 0);
  expect(lost).toBeLessThan(-4_000_000);
  expect(lost).toBeGreaterThan(-13_000_000);
});

test('a CPU profile has the labels of pprof.Do', () => {
  const profile = decodePprof(capture('cpu-labels.pb.gz'));
  const routes = [...profile.samples()].filter(({ stack }) =>
    stack.some(({ function: name }) => name === 'main.spin'),
  );
  expect(routes.length).toBeGreaterThan(0);
  for (const { labels } of routes) expect(labels).toContainEqual({ key: 'route', text: '/upload' });
});
