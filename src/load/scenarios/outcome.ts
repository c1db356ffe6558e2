import type { Expectation } from '../expectation.js';
import { meets } from '../http/expected.js';
import type { Outcome } from '../http/outcome.js';
import type { Scenario } from '../scenario.js';

/**
 * How an upload ends that gets no answer and is not meant to have one: leakhunt left (`aborted`, `stalled`;
 * `unanswered` if it had waited for an answer to a truncated body), or the server closed the connection
 * first.
 */
export type Ending = 'aborted' | 'stalled' | 'unanswered' | 'closed';

/** The outcome of a scenario's upload: that of any upload, or an end that the scenario intends. */
export type ScenarioOutcome = Outcome | { ended: Ending };

/** The codes by which a client, which knows no scenarios, reports endings. */
const endings: Record<string, Ending> = {
  ABORTED: 'aborted',
  STALLED: 'stalled',
  UNANSWERED: 'unanswered',
  CLOSED: 'closed',
};

/** The code of an ending. */
export function codeOfEnding(ending: Ending): string {
  return ending.toUpperCase();
}

/** A client's outcome in terms of scenarios. */
export function scenarioOutcome(outcome: Outcome): ScenarioOutcome {
  const ended = 'error' in outcome ? endings[outcome.error] : undefined;
  return ended === undefined ? outcome : { ended };
}

/**
 * Whether an upload had the result that its scenario expects. For a complete one that is 2xx or what the user
 * expects, for one that should be refused 4xx. A server may answer a misbehaving one as it likes, 5xx
 * included, or close the connection; but it must be reachable, its answer must be HTTP, and it must answer a
 * malformed form.
 */
export function isExpected(scenario: Scenario, outcome: ScenarioOutcome, expected?: Expectation): boolean {
  if ('error' in outcome) return false;
  const { kind } = scenario;
  if ('ended' in outcome) return kind !== 'complete' && kind !== 'reject';
  if (kind === 'complete') return meets(outcome, expected);
  if (kind === 'reject') return outcome.status >= 400 && outcome.status <= 499;
  return true;
}

/** Why an outcome is not what its scenario expects, if the outcome does not say so itself. */
export function surprise(scenario: Scenario, outcome: ScenarioOutcome): string | undefined {
  if (scenario.kind !== 'reject' || !('status' in outcome) || outcome.status > 299) return undefined;
  return 'the server accepted what it should reject';
}
