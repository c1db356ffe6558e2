import { usageError } from '../errors.js';

/** Statuses from one to another, both included. */
export interface StatusRange {
  low: number;
  high: number;
}

/** What a response must be for its upload not to count as failed. */
export interface Expectation {
  /** Any of these; without them, any 2xx. */
  statuses?: StatusRange[];
  /** A text that the beginning of the body must contain. */
  text?: string;
}

/** `201`, `2xx`, or several separated by commas. Throws a usage error. */
export function parseStatuses(text: string): StatusRange[] {
  return text.split(',').map(each => {
    const [, first, rest] = /^([2-5])(\d\d|xx)$/i.exec(each.trim()) ?? [];
    if (first === undefined) {
      throw usageError(
        'BAD_STATUS',
        `--expect-status "${text}" is not a status: write, for example, 201, 2xx or 200,302.`,
      );
    }
    const [low, high] = /x/i.test(rest!) ? ['00', '99'] : [rest, rest];
    return { low: Number(`${first}${low}`), high: Number(`${first}${high}`) };
  });
}
