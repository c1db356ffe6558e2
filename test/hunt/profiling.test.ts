import { describe, expect, test } from 'vitest';
import { worthAsking } from '../../src/hunt/profiling.js';
import type { SourceName } from '../../src/probes/probe.js';
import type { Reading } from '../../src/probes/reading.js';
import type { ResourceName } from '../../src/probes/resources.js';
import { defaultMargins } from '../../src/verdict/margins.js';

const sourceOf = new Map<ResourceName, SourceName>([
  ['heap', 'pprof'],
  ['goroutines', 'pprof'],
  ['open-files', 'pid'],
]);

function reading(uploads: number, heap: number, files: number, kind: Reading['kind'] = 'upload'): Reading {
  return { kind, uploads, seconds: uploads, values: { heap, goroutines: 5, 'open-files': files } };
}

const asked = (readings: Reading[], round: number, look = false) =>
  [...worthAsking(readings, { round, look }, { margins: defaultMargins, sourceOf })].sort();

const first = reading(200, 1e6, 10, 'blank');

describe('who holds what is asked', () => {
  test('after the first judged reading, after every look, and now and then', () => {
    expect(asked([], 0)).toEqual([]);
    expect(asked([first], 0)).toEqual(['pid', 'pprof']);
    expect(asked([first, reading(900, 1e6, 10)], 7)).toEqual([]);
    expect(asked([first, reading(1000, 1e6, 10)], 8)).toEqual(['pid', 'pprof']);
    expect(asked([first, reading(1100, 1e6, 10)], 9, true)).toEqual(['pid', 'pprof']);
  });

  test('of the sources of what has grown by more than its margin', () => {
    expect(asked([first, reading(300, 1e6 + 20_000, 10)], 1)).toEqual([]);
    expect(asked([first, reading(300, 1e6 + 30_000, 10)], 1)).toEqual(['pprof']);
    expect(asked([first, reading(300, 1e6, 110)], 1)).toEqual(['pid']);
  });
});
