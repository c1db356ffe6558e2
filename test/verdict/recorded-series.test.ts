import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { between, seeded } from '../../bench/calibration/random.js';
import { judge } from '../../src/verdict/judge/judge.js';
import type { Point } from '../../src/verdict/verdict.js';

/** Readings of real servers, one per round of 100 uploads; the readings before 200 uploads are warm-up. */
function recorded(name: string, resource: string, rounds: number): Point[] {
  const file = new URL(`../../fixtures/captures/series/${name}.csv`, import.meta.url);
  const [head, ...rows] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => line.split(','));
  const column = head!.indexOf(resource);
  const points = rows.map(row => ({ uploads: Number(row[0]), value: Number(row[column]) }));
  return points.filter(({ uploads }) => uploads >= 200).slice(0, rounds);
}

describe('a Go upload server', () => {
  it('without a leak is flat on its heap within 24 rounds, and stays so', () => {
    for (const rounds of [24, 48]) {
      expect(judge(recorded('go-flat', 'heap', rounds), { margin: 32 }).verdict).toBe('flat');
    }
  });

  it.each(['go-leak-16-byte-object', 'go-leak-64-byte-object'])(
    'with a %s leaks one heap object per upload',
    name => {
      for (const rounds of [16, 24, 48]) {
        const { verdict, perUpload } = judge(recorded(name, 'heap-objects', rounds), { margin: 0.5 });
        expect(verdict).toBe('leak');
        expect(perUpload.estimate).toBeCloseTo(1, 0);
      }
    },
  );

  it('with a goroutine left behind leaks exactly one per upload', () => {
    for (const rounds of [8, 16, 24, 48]) {
      const { verdict, reason, perUpload } = judge(recorded('go-leak-goroutine', 'goroutines', rounds), {
        margin: 0.05,
      });
      expect({ verdict, reason }).toEqual({ verdict: 'leak', reason: 'whole-number' });
      expect(perUpload.estimate).toBe(1);
    }
  });

  it.each(['go-flat', 'go-leak-16-byte-object', 'go-leak-64-byte-object'])(
    '%s has no goroutine leak',
    name => {
      const { verdict, reason } = judge(recorded(name, 'goroutines', 8), { margin: 0.05 });
      expect({ verdict, reason }).toEqual({ verdict: 'flat', reason: 'constant' });
    },
  );
});

describe('a Node upload server', () => {
  it('without a leak is inconclusive at every look while it warms up, and flat within 256 bytes per upload after that', () => {
    const looks = [8, 16, 24, 48].map(
      rounds => judge(recorded('node-flat', 'heap', rounds), { margin: 256 }).verdict,
    );
    expect(looks).toEqual(['inconclusive', 'inconclusive', 'inconclusive', 'flat']);
  });

  it('with an object of 600 bytes left behind is never flat, and its interval holds 600', () => {
    const path = new URL('../../fixtures/captures/series/node-leak-600-byte-object.csv', import.meta.url);
    const rows = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map(row => row.split(','));
    const points = rows
      .filter(([round]) => round === 'upload' || round === 'blank')
      .map(([, uploads, value]) => ({ uploads: Number(uploads), value: Number(value) }));
    const random = seeded(20_260_401);
    const copies = Array.from({ length: 200 }, () =>
      points.map(({ uploads, value }) => ({ uploads, value: value + between(random, -2000, 2000) })),
    );
    const judged = [points, ...copies].map(each => judge(each, { margin: 256, minUploads: 2000 }));
    expect(judged.filter(({ verdict }) => verdict === 'flat')).toEqual([]);
    const held = judged.filter(({ perUpload: { low, high } }) => low <= 600 && high >= 600);
    expect(held).toHaveLength(judged.length);
  });

  it('with a buffer left behind leaks 300 bytes per upload, though its heap fell once', () => {
    const { verdict, perUpload } = judge(recorded('node-leak-64-byte-buffer', 'heap', 48), { margin: 128 });
    expect(verdict).toBe('leak');
    expect(perUpload.low).toBeLessThan(300);
    expect(perUpload.high).toBeGreaterThan(300);
  });
});
