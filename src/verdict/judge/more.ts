import type { InconclusiveReason, Judgement } from './judgement.js';
import type { NormalizedSeries } from './series.js';
import { fewestReadings, finite, type JudgeSettings } from './settings.js';

/** About how many more uploads would turn an inconclusive series into a decided one. */
export function uploadsToDecide(
  reason: InconclusiveReason,
  series: NormalizedSeries,
  { margin, minUploads }: JudgeSettings,
  { estimate, low, high }: Judgement['perUpload'],
  plateau: Judgement['plateau'],
): number {
  const { span, uploads } = series;
  const perRound = span / Math.max(1, uploads.length - 1);
  const atLeast = (more: number) => finite(Math.max(1, Math.ceil(Math.max(more, perRound))));
  const last = uploads.at(-1)!;
  switch (reason) {
    case 'too-few-rounds':
      return atLeast((fewestReadings - uploads.length) * perRound);
    case 'may-be-filling':
      return atLeast(minUploads - last);
    case 'still-filling':
      return atLeast(plateau ? plateau.uploads - last : span);
    case 'one-step':
    case 'rises-late':
    case 'sawtooth':
      return atLeast(span);
    default: {
      // A slope's standard error shrinks with the run's length to the power 3/2.
      const wanted = Math.max(Math.abs(estimate - margin), margin / 10);
      const stretch = Math.max((high - low) / 2 / wanted, 1) ** (2 / 3);
      return atLeast(Math.min((stretch - 1) * span, 1e9));
    }
  }
}
