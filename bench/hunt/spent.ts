import type { Hunt, HuntEvent } from '../../src/index.js';

/** What the time of a hunt went into, in seconds. */
export interface Spent {
  uploading: number;
  /** Blank rounds, and the rest before a leak is called. */
  resting: number;
  collecting: number;
  settling: number;
  profiling: number;
  judging: number;
}

/** Follows one hunt by its events; the record has the rest. */
export function stopwatch(): { onEvent(event: HuntEvent): void; spentBy(record: Hunt): Spent } {
  let times = { collecting: 0, sampling: 0, waiting: 0, profiling: 0 };
  let judging = 0;
  return {
    onEvent(event) {
      if (event.type === 'reading') times = event.times;
      if (event.type === 'look') judging += event.seconds;
    },
    spentBy({ rounds }) {
      const sum = (of: (sent: number) => boolean) =>
        rounds.reduce((total, { sent, seconds }) => total + (of(sent) ? seconds : 0), 0);
      return {
        uploading: sum(sent => sent > 0),
        resting: sum(sent => sent === 0),
        collecting: times.collecting,
        settling: times.sampling + times.waiting,
        profiling: times.profiling,
        judging,
      };
    },
  };
}
