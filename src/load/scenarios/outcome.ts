import type { Expectation } from '../expectation.js';
import { meets } from '../http/expected.js';
import type { Outcome } from '../http/outcome.js';
import type { Scenario } from '../scenario.js';

/**
 * How an upload ends that gets no answer and is not meant to have one: leakhunt left (`aborted`, `stalled`; `unanswered`
 * where it had waited for an answer to a truncated body), or the server closed the connection first.
 */
export type Ending = 'aborted' | 'stalled' | 'unanswered' | 'closed';

/** What became of an upload of a scenario: the outcome of any upload, or an end that the scenario brings about. */
export type ScenarioOutcome = Outcome | { ended: Ending };

/** The codes under which endings come out of a client, which knows no scenarios. */
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

/** The outcome of a client in the words of scenarios. */
export function scenarioOutcome(outcome: Outcome): ScenarioOutcome {
  const ended = 'error' in outcome ? endings[outcome.error] : undefined;
  return ended === undefined ? outcome : { ended };
}

/**
 * Whether an upload came to what its scenario expects. Of a complete one that is 2xx or what the user says, of one to
 * be refused 4xx.
 * A server may answer a misbehaving one as it likes, 5xx included, or close the connection; what it may not do
 * is to be out of reach, to answer something that is not HTTP, or to leave a malformed form without any answer.
 */
export function isExpected(scenario: Scenario, outcome: ScenarioOutcome, expected?: Expectation): boolean {
  if ('error' in outcome) return false;
  const { kind } = scenario;
  if ('ended' in outcome) return kind !== 'complete' && kind !== 'reject';
  if (kind === 'complete') return meets(outcome, expected);
  if (kind === 'reject') return outcome.status >= 400 && outcome.status <= 499;
  return true;
}

/** Why an outcome is not what its scenario expects, where its own words do not say so. */
export function surprise(scenario: Scenario, outcome: ScenarioOutcome): string | undefined {
  if (scenario.kind !== 'reject' || !('status' in outcome) || outcome.status > 299) return undefined;
  return 'the server accepted what it should reject';
}
