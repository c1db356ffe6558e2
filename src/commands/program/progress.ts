import type { HuntEvent } from '../../hunt/events.js';
import type { Reading } from '../../probes/reading.js';
import { resourceNames } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import { cut } from '../../reports/terminal/columns.js';
import { formatCount, formatReading, formatSeconds } from '../../units.js';
import type { Streams } from './streams.js';

/** The least time between two redraws of the progress line (ms). */
const frame = 100;

/** The time between two lines of a log (ms). */
const logEvery = 30_000;

/** Shows a hunt while it runs, on one line of standard error; in a pipe, a line now and then. */
export function progressOn(
  { stderr }: Streams,
  quiet: boolean,
): { onEvent(event: HuntEvent): void; clear(): void; end(record?: string): void } {
  if (quiet) return { onEvent: () => {}, clear: () => {}, end: () => {} };
  if (!stderr.isTTY) return { onEvent: nowAndThen(stderr), clear: () => {}, end: () => {} };
  const state = { round: '', rate: '', reading: '', left: '' };
  const started = performance.now();
  let drawn = 0;

  function draw() {
    drawn = performance.now();
    const text = [state.round, state.rate, state.reading, state.left].filter(Boolean).join(' · ');
    stderr.write(`\r\u001b[2K${cut(text, (stderr.columns || 80) - 1)}`);
  }

  return {
    clear: () => void stderr.write('\r\u001b[2K'),
    end: record => void (record !== undefined && stderr.write(`Record: ${record}\n`)),
    onEvent(event) {
      if (event.type === 'target') {
        state.round = `reading ${event.probes.map(({ source }) => source).join(', ')}`;
      } else if (event.type === 'round') {
        state.round = roundInWords(event);
        state.left = timeLeft(event, (performance.now() - started) / 1000);
      } else if (event.type === 'upload') {
        if (performance.now() - drawn < frame) return;
        state.rate = `${formatCount(event.uploadsPerSecond)} uploads/s`;
      } else if (event.type === 'reading') {
        state.reading = readingInWords(event.reading);
      }
      draw();
    },
  };
}

/** In a log, a line now and then, so that a long hunt does not seem hung. */
function nowAndThen(stderr: Streams['stderr']): (event: HuntEvent) => void {
  let told = performance.now();
  return event => {
    if (event.type !== 'round' || performance.now() - told < logEvery) return;
    told = performance.now();
    stderr.write(`leakhunt: ${roundInWords(event)}\n`);
  };
}

function roundInWords({ kind, round, mostRounds }: Extract<HuntEvent, { type: 'round' }>): string {
  if (kind === 'start') return 'first reading';
  if (kind === 'warm-up') return 'warming up';
  if (kind === 'snapshot') return 'looking for the line that leaks';
  if (kind === 'rest') return 'waiting to see what the target frees';
  return kind === 'blank' ? 'blank round' : `round ${round} of at most ${mostRounds}`;
}

const atAGlance = resourceNames
  .filter(name => resources[name].glance !== undefined)
  .sort((a, b) => resources[a].glance! - resources[b].glance!);

function readingInWords({ values }: Reading): string {
  return atAGlance
    .filter(name => values[name] !== undefined)
    .slice(0, 2)
    .map(name => `${resources[name].title} ${formatReading(values[name]!, resources[name].unit)}`)
    .join(', ');
}

function timeLeft({ round, mostRounds }: Extract<HuntEvent, { type: 'round' }>, seconds: number): string {
  if (round < 2) return '';
  return `at most ${formatSeconds((seconds / (round - 1)) * (mostRounds - round + 1))} left`;
}
