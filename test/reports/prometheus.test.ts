import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { metricsIn } from '../../src/probes/sources/prometheus-text.js';
import { prometheus } from '../../src/reports/prometheus/prometheus.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';
import { hostileHunt, hostileLoss } from './hostile-hunt.js';

const every = [
  ['leak', recordedHunt('leak')],
  ['flat', recordedHunt('flat')],
  ['inconclusive', recordedHunt('inconclusive')],
  ['several scenarios', fullHunt()],
  ['hostile', hostileHunt()],
  ['lost and hostile', hostileLoss()],
] as const;

const allIn = (text: string) => metricsIn(text, () => true);
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
/** A line of OpenMetrics 1.0 (its ABNF), gauges alone. */
const line =
  /^(# (HELP|TYPE) [a-z_]+ .+|# EOF|[a-z_]+(\{[a-z]+="([^"\\\n]|\\[n"\\])*"(,[a-z]+="([^"\\\n]|\\[n"\\])*")*\})? (-?\d[\d.e+-]*|NaN|[+-]Inf))$/;

describe('Prometheus text', () => {
  test.each(['leak', 'flat', 'inconclusive'])('of a recorded hunt (%s) is as it was', async name => {
    await expect(prometheus(recordedHunt(name))).toMatchFileSnapshot(`golden/${name}.prom`);
  });

  test.each(every)('is OpenMetrics too, line by line: %s', (_, hunt) => {
    const lines = prometheus(hunt).split('\n');
    expect(lines.slice(0, -1).filter(each => !line.test(each))).toEqual([]);
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
  });

  test.each(every)('is read whole by our own probe, no series twice: %s', (_, hunt) => {
    const text = prometheus(hunt);
    const samples = text.split('\n').filter(each => /^leakhunt_/.test(each));
    expect(allIn(text).length).toBe(samples.length);
  });

  test.each(every)(
    'has a help and a type before the samples of each metric, which stand together: %s',
    (_, hunt) => {
      const names = prometheus(hunt)
        .split('\n')
        .flatMap(each => /^(?:# (?:HELP|TYPE) )?(leakhunt_\w+)/.exec(each)?.[1] ?? []);
      const begun = names.filter((name, i) => name !== names[i - 1]);
      expect(begun.length).toBe(new Set(names).size);
    },
  );

  test('gives growth with its interval, bytes apart from what is counted', () => {
    const metrics = allIn(prometheus(recordedHunt('leak')));
    const value = (name: string, ...labels: string[]) =>
      metrics.find(each => each.name === name && labels.every(label => each.labels.includes(label)))?.value;
    expect(value('leakhunt_growth_per_upload_bytes', 'resource="heap"', 'bound="estimate"')).toBeCloseTo(
      772,
      0,
    );
    expect(value('leakhunt_growth_per_upload', 'resource="goroutines"', 'bound="low"')).toBeCloseTo(1, 2);
    expect(value('leakhunt_growth_per_upload', 'resource="heap"')).toBeUndefined();
    expect(value('leakhunt_verdict', 'verdict="leak"')).toBe(1);
    expect(value('leakhunt_verdict', 'verdict="flat"')).toBe(0);
    expect(value('leakhunt_exit_code')).toBe(1);
  });

  test.runIf(hasPromtool)('passes promtool', () => {
    for (const [, hunt] of every) {
      const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: prometheus(hunt) });
      expect([status, stderr.toString()]).toEqual([0, '']);
    }
  });
});
