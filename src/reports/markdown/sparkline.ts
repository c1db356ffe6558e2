import type { ResourceRecord } from '../../record/record.js';
import { rangeOf } from '../terminal/chart.js';

const bars = [...'▁▂▃▄▅▆▇█'];
const columns = 20;

/**
 * A resource against uploads in one line of block characters; as in the chart, growth within the margin looks
 * flat.
 */
export function sparkline({ points, margin }: Pick<ResourceRecord, 'points' | 'margin'>): string {
  const known = points.filter(({ uploads, value }) => Number.isFinite(uploads) && Number.isFinite(value));
  if (known.length < 3 || !Number.isFinite(margin)) return '';
  const [bottom, top] = rangeOf({ points: known, margin });
  const most = Math.max(1, ...known.map(({ uploads }) => uploads));
  const heights = Array<number | undefined>(columns);
  for (const { uploads, value } of known) {
    const share = (value - bottom) / (top - bottom);
    heights[Math.round((uploads / most) * (columns - 1))] = Math.min(1, Math.max(0, share));
  }
  let last = 0;
  return Array.from(heights, height => {
    last = height ?? last;
    return bars[Math.round(last * (bars.length - 1))];
  }).join('');
}
