import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../src/verdict/findings.js';
import { defaultMargins } from '../../src/verdict/margins.js';
import { grown } from './grown-series.js';

/** One object per upload, whose bytes are read with so much noise. */
function judge(bytes: number, objects: number, noise: number) {
  const series = [
    grown('heap', 'pprof', { rounds: 24, value: uploads => 5e6 + bytes * uploads, noise }),
    grown('heap-objects', 'pprof', { rounds: 24, value: uploads => 8000 + objects * uploads }),
  ];
  const options = { margins: defaultMargins, minUploads: 2000, looks: 5, processes: 1 };
  const [heap, counted] = findingsOf(series, options);
  return { heap: heap!, objects: counted! };
}

describe('bytes and objects of one heap', () => {
  test('leak together where the objects do and the bytes are seen to grow', () => {
    const { heap, objects } = judge(600, 1, 40_000);
    expect(heap.perUpload.low).toBeLessThan(256);
    expect([heap.verdict, objects.verdict]).toEqual(['leak', 'leak']);
  });

  test('are not called flat and a leak, though the bytes are fewer than their margin', () => {
    const { heap, objects } = judge(64, 1, 0);
    expect(objects.verdict).toBe('leak');
    expect(heap).toMatchObject({ verdict: 'inconclusive', reason: 'near-margin', decisive: false });
  });

  test('do not contradict each other where the bytes are too noisy to be seen', () => {
    const { heap, objects } = judge(64, 1, 20_000);
    expect(objects.verdict).toBe('leak');
    expect(heap).toMatchObject({ verdict: 'inconclusive', decisive: false });
  });

  test('are flat together', () => {
    const { heap, objects } = judge(0, 0, 1000);
    expect([heap.verdict, objects.verdict]).toEqual(['flat', 'flat']);
  });

  test('may differ where few large objects grow', () => {
    const { heap, objects } = judge(2000, 0, 1000);
    expect([heap.verdict, objects.verdict]).toEqual(['leak', 'flat']);
  });
});
