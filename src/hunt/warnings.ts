import type { Reader } from '../probes/reader.js';
import type { Runtime } from '../target/runtime.js';
import type { Experiment, Round } from './experiment.js';

/** What a reader of the record should know of how it was measured. */
export function warningsOf(
  reader: Reader,
  { end, profiles, rounds }: Experiment,
  runtime?: Runtime,
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
    ...rounds.flatMap(trialWarning),
    ...(end === 'memory-limit'
      ? ['The hunt ended early: another round could have taken the last of the memory of this machine.']
      : []),
    ...(end === 'time-limit' ? ['The hunt ended at its time limit: --time-limit raises it.'] : []),
    ...heapWarning(reader, runtime),
  ];
}

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

/** How to have the heap read exactly. */
export const waysToTheHeap: Partial<Record<Runtime, string>> = {
  go: ' Serve net/http/pprof, or name its address by --probe pprof=HOST:PORT.',
  node: ' Start it with node --inspect, let leakhunt start it (--start) or open its inspector (--allow-signals).',
  java: ' Install the JDK that has jcmd, or serve /actuator.',
};

/** A heap that is read without a collection holds garbage as well: its growth is surely there, its size is not. */
function heapWarning({ sourceOf }: Reader, runtime?: Runtime): string[] {
  const source = sourceOf.get('heap');
  if (source === undefined) {
    const advice = runtime ? waysToTheHeap[runtime] : undefined;
    return [
      `The heap was not read: a leak smaller than the margin of the process's memory is not seen.${advice ?? ''}`,
    ];
  }
  const collects = source === 'pprof' || source === 'inspector' || source === 'jcmd';
  return collects
    ? []
    : [`The heap is read by ${source}, which collects no garbage first: its growth is no exact amount.`];
}
