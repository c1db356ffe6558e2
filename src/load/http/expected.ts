import type { Expectation } from '../expectation.js';
import type { Response } from './response.js';

/** Whether the response to a complete upload is as it should be. */
export function meets({ status, contains }: Response, expected?: Expectation): boolean {
  if (expected?.statuses === undefined) return status >= 200 && status <= 299 && contains !== false;
  return expected.statuses.some(({ low, high }) => status >= low && status <= high) && contains !== false;
}

/**
 * What is wrong with a response that only the user's own expectation makes a failure: `answers without
 * "ok":true`.
 */
export function shortfall(answer: Response, expected: Expectation): string | undefined {
  const { statuses } = expected;
  const { contains, ...rest } = answer;
  if (contains === false && meets(rest, expected)) return `answers without ${expected.text}`;
  const succeeds = answer.status >= 200 && answer.status <= 299;
  if (statuses === undefined || !succeeds || meets(rest, expected)) return undefined;
  const named = statuses.map(({ low, high }) => (low === high ? String(low) : `${low} to ${high}`));
  return `unexpected responses (not ${named.join(' or ')}`;
}
