import type { Missed } from '../awake.js';
import type { DialOptions } from '../net/dial-options.js';
import { proxyNamed, proxyOf } from '../net/proxy.js';
import { sources, wayToTheHeap } from '../probes/catalogue.js';
import type { Missing } from '../probes/discover.js';
import type { Reader } from '../probes/reader.js';
import { filesCounted, filesWeighed, heap } from '../probes/resource-questions.js';
import type { ResourceName } from '../probes/resources.js';
import type { Runtime } from '../target/processes/runtime.js';
import { formatBytes, formatSeconds, formatWhole } from '../units.js';
import type { Experiment } from './measured.js';
import type { Plan } from './plan.js';
import { type Round, readingsOf } from './rounds.js';

/** What a reader of the record should know of how it was measured. */
export function warningsOf(
  reader: Reader,
  { end, missed, profiles, rounds }: Experiment,
  plan: Pick<Plan, 'maxMemory' | 'maxDisk' | 'uploadsPerRound'>,
  runtime?: Runtime,
  missing: readonly Missing[] = [],
): string[] {
  const { lost, unprofiled } = reader;
  return [
    ...[...unprofiled, ...profiles.unread].map(
      ([source, why]) =>
        `A profile of ${source} could not be read: culprits that it would name may be missing. ${why}`,
    ),
    ...lost.map(
      ({ source, why }) => `The ${source} probe stopped answering, and its series end there. ${why}`,
    ),
    ...missedWarning(missed),
    ...reader.implausible,
    ...rounds.flatMap(trialWarning),
    ...(end === 'memory-limit'
      ? ['The hunt ended early: another round could have taken the last of the memory of this machine.']
      : []),
    ...(end === 'time-limit' ? [limitWarning(rounds)] : []),
    ...(end === 'growth-limit'
      ? [
          `The hunt ended early: it added as much to the target as --max-memory (${formatBytes(plan.maxMemory)}) and --max-disk (${formatBytes(plan.maxDisk)}) allow. Raise them, or lower --size or --min-uploads.`,
        ]
      : []),
    ...shrunkWarning(rounds, plan.uploadsPerRound),
    ...leftWarning(reader, rounds),
    ...undecidedWarning(reader),
    ...heapWarning(reader, missing, runtime),
  ];
}

/** What the target did not answer is told: the limit may not be what is wrong. */
function limitWarning(rounds: readonly Round[]): string {
  const unanswered = rounds.at(-1)?.result?.errors.INTERRUPTED ?? 0;
  const broken =
    unanswered === 0
      ? ''
      : `, and ${unanswered === 1 ? 'an upload' : `${unanswered} uploads`} without an answer by then ${unanswered === 1 ? 'was' : 'were'} broken off`;
  return `The hunt ended at its time limit${broken}: --time-limit raises it.`;
}

function missedWarning({ stopped, asleep }: Missed): string[] {
  const inTheMiddle = (ms: number) =>
    `for ${formatSeconds(ms / 1000)} in the middle of the hunt: that time counts neither against --time-limit nor against -m.`;
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
    `Each upload added much to the target: later rounds were of fewer uploads, ${least} at least in place of ${wanted} (--max-memory, --max-disk).`,
  ];
}

/** Fewer files than this are no burden to anybody. */
const fewFiles = 100;

/** What nobody will remove unless told of it. */
function leftWarning({ folder }: Reader, rounds: readonly Round[]): string[] {
  const readings = readingsOf(rounds);
  const grown = (name: ResourceName) =>
    (readings.at(-1)?.values[name] ?? 0) - (readings[0]?.values[name] ?? 0);
  const [files, bytes] = [grown(filesCounted), grown(filesWeighed)];
  if (folder === undefined || files < fewFiles) return [];
  return [`The hunt left ${formatWhole(files)} files, ${formatBytes(bytes)}, in ${folder}.`];
}

/** Files that came with the uploads and without them: whose they are decides the verdict. */
function undecidedWarning({ undecided }: Reader): string[] {
  if (undecided.length === 0) return [];
  const named = undecided.slice(0, mostNamed).join(', ');
  const more = undecided.length > mostNamed ? ` and ${undecided.length - mostNamed} other kinds` : '';
  return [
    `Files named ${named}${more} were not counted: whether they are the target's could not be told. Give it a temp folder of its own (TMPDIR, or let leakhunt start it by --start).`,
  ];
}

/** So many kinds of files are named. */
const mostNamed = 3;

/** Complete uploads that only try the target, and that it left unanswered. */
function trialWarning({ request, result }: Round): string[] {
  const late = (request?.trial && result?.errors.TIMEOUT) || 0;
  if (late === 0) return [];
  const of = late === result!.sent ? 'None' : `${late}`;
  return [
    `${of} of the ${result!.sent} complete uploads that were sent to try the target ${late === result!.sent ? 'was' : 'were not'} ` +
      `answered within ${request!.maxTime} s (--connect-timeout): the scenario went on without knowing that it takes them.`,
  ];
}

/**
 * Without a heap there is the process's memory, in which garbage lies as well. A heap that is read without a collection
 * holds garbage too: its growth is surely there, its size is not.
 */
function heapWarning(
  { sourceOf, collector, processes, heaps }: Reader,
  missing: readonly Missing[],
  runtime = collector?.runtime,
): string[] {
  const source = sourceOf.get(heap);
  if (source === undefined) {
    const way = runtime && wayToTheHeap(runtime, missing);
    const advice = way === undefined ? '' : ` ${way}`;
    return collector
      ? [
          `The heap was not read: what the process's memory grows by may be garbage that was not collected yet, and is no proof of a leak before it is more than all the garbage that its runtime may keep.${advice}`,
        ]
      : [
          `The heap was not read: of the process's memory, growth of a few hundred bytes per upload is neither a leak nor flat.${advice}`,
        ];
  }
  const collects = sources[source]?.collects;
  if (collects && processes > heaps && collector) {
    return [
      `The heap that was read is that of ${heaps === 1 ? 'one process' : `${heaps} processes`} of ${processes}: what the memory of all of them grows by may be garbage that was not collected yet, and is no proof of a leak before it is more than all the garbage that their runtimes may keep.`,
    ];
  }
  return collects
    ? []
    : [`The heap is read by ${source}, which collects no garbage first: its growth is no exact amount.`];
}

/** Uploads that went another way than the command line says. */
export function proxyWarning({ url, ...options }: DialOptions & { url: URL }): string[] {
  if (options.proxy !== undefined || !proxyOf(url, options)) return [];
  const { flag } = proxyNamed(url, options);
  return [
    `The uploads went through a proxy, which ${flag} names: -x '' or --noproxy goes without it, as in curl.`,
  ];
}

/** Uploads of others that are counted as these. */
export function rivalWarning(rivals: readonly number[]): string[] {
  if (rivals.length === 0) return [];
  const who = rivals.length === 1 ? `process ${rivals[0]}` : `processes ${rivals.join(', ')}`;
  return [
    `Another leakhunt (${who}) hunted this target at the same time: what its uploads left behind is counted as left by these, and the growth per upload with it. Hunt again when it has ended.`,
  ];
}
