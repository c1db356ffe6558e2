import { usageError } from '../errors.js';
import type { Answer } from './transport/answer.js';

/** Statuses from one to another, both included. */
export interface StatusRange {
  low: number;
  high: number;
}

/** What an answer must be, for its upload not to count as failed. */
export interface Expectation {
  /** Any of these; without them any 2xx. */
  statuses?: StatusRange[];
  /** Found in the beginning of the body. */
  text?: string;
}

/** `201`, `2xx`, or several of them with commas between. Throws a usage error. */
export function parseStatuses(text: string): StatusRange[] {
  return text.split(',').map(each => {
    const [, first, rest] = /^([2-5])(\d\d|xx)$/i.exec(each.trim()) ?? [];
    if (first === undefined) {
      throw usageError(
        'BAD_STATUS',
        `--expect-status "${text}" is not a status or a class of them: write it as 201, 2xx or 200,302.`,
      );
    }
    const [low, high] = /x/i.test(rest!) ? ['00', '99'] : [rest, rest];
    return { low: Number(`${first}${low}`), high: Number(`${first}${high}`) };
  });
}

/** Whether the answer to a complete upload is as it should be. */
export function meets({ status, contains }: Answer, expected?: Expectation): boolean {
  if (expected?.statuses === undefined) return status >= 200 && status <= 299 && contains !== false;
  return expected.statuses.some(({ low, high }) => status >= low && status <= high) && contains !== false;
}

/** What is wrong with an answer that only the user's own words make a failure: `answers without "ok":true`. */
export function shortfall(answer: Answer, expected: Expectation): string | undefined {
  const { statuses } = expected;
  const { contains, ...rest } = answer;
  if (contains === false && meets(rest, expected)) return `answers without ${expected.text}`;
  const succeeds = answer.status >= 200 && answer.status <= 299;
  if (statuses === undefined || !succeeds || meets(rest, expected)) return undefined;
  const named = statuses.map(({ low, high }) => (low === high ? String(low) : `${low} to ${high}`));
  return `answers other than ${named.join(' or ')}`;
}
