import { median } from '../../src/statistics/order.js';
import type { Measurement } from './measure.js';

/** One client's repetitions, in order. */
export interface Row {
  name: string;
  runs: Measurement[];
}

/** A Markdown table of medians; ratios are of the same repetition, with the smallest and the largest. */
export function tableOf([own, ...others]: [Row, ...Row[]]): string {
  const lines = [own, ...others].map(row => {
    const over = (value: (run: Measurement) => number) => median(row.runs.map(value));
    const ratios = row.runs.map((run, i) => own.runs[i]!.uploadsPerSecond / run.uploadsPerSecond);
    const peaks = row.runs.flatMap(({ peakBytes }) => peakBytes ?? []);
    return [
      row.name,
      Math.round(over(run => run.uploadsPerSecond)).toLocaleString('en'),
      megabytes(over(run => run.bytesPerSecond)),
      row === own
        ? ''
        : `${ratio(median(ratios))} (${ratio(Math.min(...ratios))} to ${ratio(Math.max(...ratios))})`,
      over(run => run.cpuSecondsPerGigabyte).toLocaleString('en', { maximumSignificantDigits: 2 }),
      peaks.length === 0 ? '' : Math.round(Math.max(...peaks) / 1e6).toString(),
    ];
  });
  const heads = ['client', 'uploads/s', 'MB/s', 'leakhunt / client', 'CPU s/GB', 'peak rss, MB'];
  return [heads, ['---', '---:', '---:', '---:', '---:', '---:'], ...lines]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2);
}

function ratio(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}
