import type { Missed } from '../awake.js';
import type { DialOptions } from '../net/dial-options.js';
import { proxyNamed, proxyOf } from '../net/proxy.js';
import { type Advised, sources, wayToTheHeap } from '../probes/catalogue.js';
import type { SourceName } from '../probes/probe.js';
import type { Reader } from '../probes/reader.js';
import { filesCounted, filesWeighed, heap, heapObjects } from '../probes/resource-questions.js';
import type { ResourceName } from '../probes/resources.js';
import { formatBytes, formatSeconds, formatWhole } from '../units.js';
import type { Experiment } from './measured.js';
import { piledUpWarning } from './piled-up.js';
import type { Plan } from './plan.js';
import { type Round, readingsOf } from './rounds.js';

/** What a reader of the record should know about how it was measured. */
export function warningsOf(
  reader: Reader,
  { end, missed, profiles, rounds }: Experiment,
  plan: Pick<Plan, 'maxMemory' | 'maxDisk' | 'uploadsPerRound' | 'concurrency' | 'start'>,
  target: Advised = {},
): string[] {
  const { lost, unprofiled } = reader;
  return [
    ...[...unprofiled, ...profiles.unread].map(
      ([source, why]) =>
        `A profile of ${source} could not be read, so culprits that it would name may be missing. ${why}`,
    ),
    ...lost.map(
      ({ source, why }) => `The ${source} probe stopped responding, so its readings end early. ${why}`,
    ),
    ...missedWarning(missed),
    ...reader.implausible,
    ...rounds.flatMap(trialWarning),
    ...(end === 'memory-limit'
      ? ['The hunt ended early, because another round could have exhausted the memory of this machine.']
      : []),
    ...(end === 'time-limit' ? [limitWarning(rounds)] : []),
    ...(end === 'growth-limit'
      ? [
          `The hunt ended early, because it added as much to the target as --max-memory (${formatBytes(plan.maxMemory)}) and --max-disk (${formatBytes(plan.maxDisk)}) allow: raise them, or lower --size or --min-uploads.`,
        ]
      : []),
    ...shrunkWarning(rounds, plan.uploadsPerRound),
    ...piledUpWarning(readingsOf(rounds), plan.concurrency),
    ...leftWarning(reader, rounds),
    ...undecidedWarning(reader, plan),
    ...heapWarning(reader, target),
  ];
}

/** Unanswered uploads are reported: the limit may not be what is wrong. */
function limitWarning(rounds: readonly Round[]): string {
  const unanswered = rounds.at(-1)?.result?.errors.INTERRUPTED ?? 0;
  const broken =
    unanswered === 0
      ? ''
      : `, and ${unanswered === 1 ? 'an upload' : `${unanswered} uploads`} without a response by then ${unanswered === 1 ? 'was' : 'were'} aborted`;
  return `The hunt ended at its time limit${broken}: raise it with --time-limit.`;
}

function missedWarning({ stopped, asleep }: Missed): string[] {
  const inTheMiddle = (ms: number) =>
    `for ${formatSeconds(ms / 1000)} during the hunt: this time does not count towards --time-limit or -m.`;
  return [
    ...(stopped > 0 ? [`leakhunt was stopped ${inTheMiddle(stopped)}`] : []),
    ...(asleep > 0 ? [`The machine was asleep ${inTheMiddle(asleep)}`] : []),
  ];
}

function shrunkWarning(rounds: readonly Round[], wanted: number): string[] {
  const whole = rounds.filter(({ late }) => !late);
  const sent = whole.flatMap(({ step, result }) => (step.kind === 'upload' && result ? result.sent : []));
  const least = Math.min(...sent);
  if (sent.length === 0 || least >= wanted || rounds.some(({ request }) => request?.duration !== undefined))
    return [];
  return [
    `Each upload added a lot to the target, so later rounds had fewer uploads: as few as ${least} instead of ${wanted} (--max-memory, --max-disk).`,
  ];
}

/** Fewer files than this bother nobody. */
const fewFiles = 100;

/** Files that nobody will remove unless told of them. */
function leftWarning({ folder }: Reader, rounds: readonly Round[]): string[] {
  const readings = readingsOf(rounds);
  const grown = (name: ResourceName) =>
    (readings.at(-1)?.values[name] ?? 0) - (readings[0]?.values[name] ?? 0);
  const [files, bytes] = [grown(filesCounted), grown(filesWeighed)];
  if (folder === undefined || files < fewFiles) return [];
  return [`The hunt left ${formatWhole(files)} files, ${formatBytes(bytes)}, in ${folder}.`];
}

/** Files that came with the uploads and without them: whose they are decides the verdict. */
function undecidedWarning({ undecided }: Reader, { start }: Pick<Plan, 'start'>): string[] {
  if (undecided.length === 0) return [];
  const named = undecided.slice(0, mostNamed).join(', ');
  const more = undecided.length > mostNamed ? ` and ${undecided.length - mostNamed} other kinds` : '';
  return [
    `Files named ${named}${more} were not counted, because they may not be the target's. ${start ? ownWorkingFolder : ownTempFolder}`,
  ];
}

const ownTempFolder = 'Give it a temp folder of its own (TMPDIR, or let leakhunt start it with --start).';
/** What leakhunt starts has a temp folder of its own already. */
const ownWorkingFolder = 'Start it in a folder that nobody else writes to (--cwd).';

/** So many kinds of files are named. */
const mostNamed = 3;

/** Complete uploads that only test the target, and that it left unanswered. */
function trialWarning({ request, result }: Round): string[] {
  const late = (request?.trial && result?.errors.TIMEOUT) || 0;
  if (late === 0) return [];
  const of = late === result!.sent ? 'None' : `${late}`;
  return [
    `${of} of the ${result!.sent} complete uploads sent to test the target ${late === result!.sent ? 'was' : 'were not'} ` +
      `answered within ${request!.maxTime} s (--connect-timeout), so the scenario continued without knowing whether the target accepts them.`,
  ];
}

/**
 * Without a heap, the process's memory is read, which includes garbage. A heap that is read without a
 * collection includes garbage, too: its growth is real, but its size is not known.
 */
function heapWarning(
  { sourceOf, collector, processes, heaps }: Reader,
  { runtime = collector?.runtime, settings, missing }: Advised,
): string[] {
  const source = sourceOf.get(heap) ?? objectsRead(sourceOf);
  if (source === undefined) {
    const way = wayToTheHeap({ runtime, settings, missing });
    const advice = way === undefined ? '' : ` ${way}`;
    return collector
      ? [
          `The heap was not read, so growing process memory may be garbage that was not collected yet: it proves a leak only once it exceeds all the garbage that the runtime may keep.${advice}`,
        ]
      : [
          `The heap was not read, and process memory alone cannot tell a growth of a few hundred bytes per upload from none.${advice}`,
        ];
  }
  const collects = sources[source]?.collects;
  if (collects && processes > heaps && collector) {
    return [
      `The heap that was read is that of ${heaps === 1 ? 'one process' : `${heaps} processes`} of ${processes}: growing memory of all of them may be garbage that was not collected yet, which proves a leak only once it exceeds all the garbage that their runtimes may keep.`,
    ];
  }
  return collects
    ? []
    : [`The heap is read by ${source}, which does not collect garbage first, so its growth is not exact.`];
}

/** What counts the heap's objects to the last one tells as much as its bytes. */
function objectsRead(sourceOf: Reader['sourceOf']): SourceName | undefined {
  const source = sourceOf.get(heapObjects);
  return source !== undefined && sources[source]?.collects ? source : undefined;
}

/** Uploads that took another way than the command line says. */
export function proxyWarning({ url, ...options }: DialOptions & { url: URL }): string[] {
  if (options.proxy !== undefined || !proxyOf(url, options)) return [];
  const { flag } = proxyNamed(url, options);
  return [`The uploads went through the proxy in ${flag}: bypass it with -x '' or --noproxy, as in curl.`];
}

/** Uploads of others that are counted as ours. */
export function rivalWarning(rivals: readonly number[]): string[] {
  if (rivals.length === 0) return [];
  const who = rivals.length === 1 ? `process ${rivals[0]}` : `processes ${rivals.join(', ')}`;
  return [
    `Another leakhunt (${who}) hunted this target at the same time, so growth per upload includes what its uploads left behind: hunt again when it has finished.`,
  ];
}
