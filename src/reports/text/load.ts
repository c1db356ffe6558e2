import type { Hunt, ScenarioRecord } from '../../record/record.js';
import { formatBytes, formatCount, formatSeconds, formatWhole } from '../../units.js';
import { listed } from './wording.js';

/** What was uploaded and how it was answered. */
export function loadInWords(load: ScenarioRecord['load']): string {
  return (
    `${formatWhole(load.completed)} uploads of ${sizeInWords(load)} in ${load.warmUpRounds} warm-up and ${load.rounds} measured ` +
    `${load.rounds === 1 ? 'round' : 'rounds'} of ${load.uploadsPerRound}, ${load.concurrency} at a time; ${answersInWords(load)}`
  );
}

/** One size is that on the wire, form included; several are those of the files themselves. */
function sizeInWords({ sizes, bodyBytes }: ScenarioRecord['load']): string {
  return sizes ? `${listed(sizes.map(formatBytes))} in turn,` : formatBytes(bodyBytes);
}

/** `all answered 200`, or how many got which answer or ended how. */
export function answersInWords({
  statuses,
  endings = {},
  errors,
  sent,
  completed,
}: ScenarioRecord['load']): string {
  const answered = Object.entries(statuses).map(
    ([status, count]) => `${formatWhole(count)} answered ${status}`,
  );
  const ended = Object.entries(endings).map(
    ([ending, count]) => `${formatWhole(count)} ${endingsInWords[ending] ?? ending}`,
  );
  const failed = Object.entries(errors).map(([code, count]) => `${formatWhole(count)} ${code}`);
  const only = Object.keys(statuses);
  if (only.length === 1 && sent === completed && ended.length === 0) return `all answered ${only[0]}`;
  return [...answered, ...ended, ...failed].join(', ') || 'none answered';
}

/** The ends of uploads that are not meant to be answered. */
const endingsInWords: Record<string, string> = {
  aborted: 'aborted',
  stalled: 'stalled, then disconnected',
  unanswered: 'left unanswered',
  closed: 'closed by the server',
};

/** The server's response to the first upload: `201 {"id":1}`. Undefined if there was none. */
export function answerInWords({ firstAnswer }: ScenarioRecord['load']): string | undefined {
  if (!firstAnswer) return undefined;
  const { status, location, text } = firstAnswer;
  const to = location === undefined ? '' : ` to ${location}`;
  const follows = status >= 300 && status <= 399 ? '; -L follows 307 and 308' : '';
  return `${status}${to}${follows}${text === undefined ? '' : ` ${text}`}`;
}

/** How fast, and how long it took. */
export function speedInWords({ load, leakhunt }: Pick<Hunt, 'load' | 'leakhunt'>): string {
  const { p50, p99 } = load.latencyMs;
  return (
    `${formatCount(load.completed / load.seconds)} uploads/s, ${formatSeconds(leakhunt.seconds)} in total, ` +
    `${formatSeconds(load.seconds)} of it uploading; latency p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
  );
}
