import { describe, expect, test } from 'vitest';
import { csv } from '../../src/reports/csv.js';
import { parseCsv } from '../fixtures/parse-csv.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';
import { hostileHunt } from './hostile-hunt.js';

describe('CSV', () => {
  test.each(['leak', 'flat', 'inconclusive'])('of a recorded hunt (%s) is as it was', async name => {
    await expect(csv(recordedHunt(name))).toMatchFileSnapshot(`golden/${name}.csv`);
  });

  test('has a row for every reading of every resource of every scenario', () => {
    const hunt = fullHunt();
    const readings = hunt.scenarios!.flatMap(({ resources }) => resources.flatMap(({ points }) => points));
    const [head, ...rows] = parseCsv(csv(hunt));
    expect(head).toEqual('scenario,resource,unit,source,round,uploads,seconds,value,replica'.split(','));
    expect(rows.length).toBe(readings.length);
    expect(rows.map(row => Number(row[7]))).toEqual(readings.map(({ value }) => value));
    expect(new Set(rows.map(([scenario]) => scenario))).toEqual(new Set(['complete', 'abort@50%']));
  });

  test('names the replicas of a sum', () => {
    const hunt = recordedHunt('flat');
    const [heap] = hunt.resources;
    heap!.replicas = [{ endpoint: 'http://10.0.0.1:80/', points: heap!.points.slice(0, 2) }];
    const rows = parseCsv(csv(hunt)).filter(row => row[8] === 'http://10.0.0.1:80/');
    expect(rows.map(([, name]) => name)).toEqual(['heap', 'heap']);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\u200b=1'])('has no formula in a cell: %j', text => {
    const hunt = { ...recordedHunt('flat'), scenario: text };
    expect(parseCsv(csv(hunt))[1]![0]).toMatch(/^'/);
  });

  test('keeps its columns whatever a target is called, and writes no NaN', () => {
    const text = csv(hostileHunt());
    const rows = parseCsv(text);
    expect(new Set(rows.map(row => row.length))).toEqual(new Set([9]));
    expect(rows.flat().filter(cell => /^[=+@-]|NaN|\u001b/.test(cell) && !/^-[\d.]+$/.test(cell))).toEqual(
      [],
    );
  });
});
