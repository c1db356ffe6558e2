import { awake } from '../awake.js';
import { LeakhuntError, messageOf, targetError } from '../errors.js';
import type { Snapshots } from '../probes/probe.js';
import { isHeldByObjects } from '../probes/resource-questions.js';
import { type ClassSummary, keyOf, summarise, together } from '../profiles/v8/classes.js';
import type { Snapshot } from '../profiles/v8/heap-graph.js';
import { nearestNames } from '../profiles/v8/nearest-name.js';
import { retainingPaths } from '../profiles/v8/retaining-path.js';
import { readSnapshot } from '../profiles/v8/snapshot.js';
import type { Culprit } from '../record/record.js';
import { formatSeconds } from '../units.js';
import { type ClassesAt, growthByClass } from '../verdict/culprits/class-growth.js';
import { growingClasses } from '../verdict/culprits/growing-classes.js';
import type { Finding } from '../verdict/finding.js';
import type { Experiment, Setting } from './measured.js';
import { raceAbort } from './race-abort.js';
import { runOneRound } from './round-run.js';
import { judgedReadings } from './rounds.js';
import { leakingProbes, snapshotRounds } from './snapshot-plan.js';

/** Only the classes that grow most are asked what keeps them: the answer is the same for what they hold. */
const mostPaths = 5;

/**
 * What is kept, and by whom, if memory leaks in a target that can list every object: a few more rounds of
 * uploads with snapshots between them. Snapshots pause the target, so they come last. Empty if there is
 * nothing to ask, or no time left.
 */
export async function retainedClasses(
  findings: readonly Finding[],
  experiment: Experiment,
  setting: Setting,
): Promise<Culprit[]> {
  const { reader, plan, signal } = setting;
  const done = experiment.end === 'decided' || experiment.end === 'rounds-done';
  const leaks = findings.flatMap(({ series, verdict }) =>
    verdict === 'leak' && isHeldByObjects(series.name) ? series.name : [],
  );
  const probes = leakingProbes(reader.snapshots, judgedReadings(experiment.rounds), leaks);
  const [probe] = probes;
  if (!probe || !plan.snapshots || !done || leaks.length === 0) return [];
  const heaps = probes.flatMap(each => each.heaps ?? [each]);
  const seconds = heaps.reduce((sum, each) => sum + (each.snapshotSeconds?.() ?? 0), 0);
  const rounds = snapshotRounds(seconds, setting.left());
  if (rounds === 0) {
    experiment.profiles.unread.set(probe.source, noTime(seconds, setting));
    return [];
  }
  try {
    const { series, ends, last } = await seriesOf(heaps, rounds, experiment, setting);
    if (last.length < heaps.length || signal?.aborted) return [];
    const growing = growingClasses(growthByClass(series), findings);
    const paths = pathsIn(ends, last, growing.slice(0, mostPaths).map(classOf));
    const near = last.map(snapshot => nearestNames(snapshot, growing.map(classOf)));
    return growing.map((each, i) => ({
      ...each,
      ...namedBy(each, near.find(names => names[i] !== undefined)?.[i]),
      source: probe.source,
      ...(paths[i] ? { retainedBy: paths[i] } : {}),
    }));
  } catch (error) {
    if (!(error instanceof LeakhuntError)) throw error;
    experiment.profiles.unread.set(probe.source, messageOf(error));
    return [];
  }
}

/** One heap in its first snapshot and its last, and the largest id that it had given by the first. */
interface HeapEnds {
  lastId: number;
  first: ClassSummary[];
  last: ClassSummary[];
}

/** The classes of all heaps together before, between and after the rounds, and each one's last snapshot. */
async function seriesOf(
  heaps: readonly Snapshots[],
  rounds: number,
  experiment: Experiment,
  setting: Setting,
) {
  const { signal, emit, left } = setting;
  const series: ClassesAt[] = [];
  let ends: HeapEnds[] = [];
  let last: Snapshot[] = [];
  let uploads = 0;
  let most = rounds;
  for (let i = 0; i <= most && !signal?.aborted; i += 1) {
    emit({ type: 'round', kind: 'snapshot', round: i, mostRounds: most });
    if (i > 0) uploads += (await runOneRound(experiment.rounds, setting)).completed;
    const classes: ClassSummary[][] = [];
    // Held no longer than it takes to have the next: it may be as large as the target's heap.
    last = [];
    const start = awake.now();
    for (const heap of heaps) {
      const snapshot = await raceAbort(readSnapshot(heap.snapshot()), signal);
      if (!snapshot) return { series, ends, last: [] };
      classes.push(summarise(snapshot));
      last.push(snapshot);
    }
    series.push({ uploads, classes: together(classes) });
    ends = last.map(({ lastId }, heap) => ({
      lastId: ends[heap]?.lastId ?? lastId,
      first: ends[heap]?.first ?? classes[heap]!,
      last: classes[heap]!,
    }));
    if (i > 0) continue;
    const seconds = (awake.now() - start) / 1000;
    most = Math.min(rounds, snapshotRounds(seconds, left()));
    if (most === 0) throw targetError('SNAPSHOT_TOO_LONG', noTime(seconds, setting));
  }
  return { series, ends, last };
}

/** For each class the path in the heap in which it grew most. */
function pathsIn(
  ends: readonly HeapEnds[],
  last: readonly Snapshot[],
  wanted: readonly Pick<ClassSummary, 'name' | 'file' | 'line'>[],
): (string[] | undefined)[] {
  const all = last.map((snapshot, heap) => retainingPaths(snapshot, wanted, ends[heap]!.lastId));
  return wanted.map((each, i) => {
    const grown = ends.map(({ first, last }) => bytesOf(last, each) - bytesOf(first, each));
    return all[grown.indexOf(Math.max(...grown))]?.[i];
  });
}

function bytesOf(classes: readonly ClassSummary[], wanted: Parameters<typeof keyOf>[0]): number {
  const found = classes.find(each => keyOf(each) === keyOf(wanted));
  return found ? found.bytes + found.outside : 0;
}

function noTime(seconds: number, { plan }: Setting): string {
  if (snapshotRounds(seconds, Number.POSITIVE_INFINITY) > 0)
    return 'There was no time left for heap snapshots: --time-limit gives more.';
  const fewer = `-n ${Math.max(1, Math.ceil(plan.uploadsPerRound / 10))} --min-uploads 0`;
  return `A heap snapshot of so many objects would take about ${formatSeconds(seconds)}, in which the target stands still: a hunt of fewer uploads (${fewer}) leaves fewer.`;
}

/** `function (anonymous) below upload`. */
function namedBy({ site, stack }: Pick<Culprit, 'site' | 'stack'>, near: string | undefined) {
  if (near === undefined) return { site, stack };
  const named = { ...site, function: `${site.function} below ${near}` };
  return { site: named, stack: [named] };
}

function classOf({ site }: Pick<Culprit, 'site'>): Pick<ClassSummary, 'name' | 'file' | 'line'> {
  return { name: site.function, file: site.file, line: site.line };
}
