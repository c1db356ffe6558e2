import { LeakhuntError, messageOf } from '../errors.js';
import { isHeldByObjects } from '../probes/resource-questions.js';
import { type ClassSummary, summarise } from '../profiles/v8/classes.js';
import type { Snapshot } from '../profiles/v8/heap-graph.js';
import { retainingPaths } from '../profiles/v8/retaining-path.js';
import { readSnapshot } from '../profiles/v8/snapshot.js';
import type { Culprit } from '../record/record.js';
import { type ClassesAt, growthByClass } from '../verdict/culprits/class-growth.js';
import { growingClasses } from '../verdict/culprits/growing-classes.js';
import type { Finding } from '../verdict/finding.js';
import type { Experiment, Setting } from './measured.js';
import { raceAbort } from './race-abort.js';
import { runOneRound } from './round-run.js';

/** Rounds of uploads between the first snapshot and the last: three increments tell growth from chance. */
const rounds = 3;
/** Only the classes that grow most are asked what keeps them: the answer also covers what they hold. */
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
  const { reader, plan, signal, emit } = setting;
  const probe = reader.snapshots;
  const done = experiment.end === 'decided' || experiment.end === 'rounds-done';
  const leaks = findings.some(({ series, verdict }) => verdict === 'leak' && isHeldByObjects(series.name));
  if (!probe || !plan.snapshots || !done || !leaks) return [];
  try {
    const series: ClassesAt[] = [];
    let last: Snapshot | undefined;
    let boundary = 0;
    let uploads = 0;
    for (let i = 0; i <= rounds; i += 1) {
      if (signal?.aborted) return [];
      emit({ type: 'round', kind: 'snapshot', round: i, mostRounds: rounds });
      if (i > 0) uploads += (await runOneRound(experiment.rounds, setting)).completed;
      last = await raceAbort(readSnapshot(probe.snapshot()), signal);
      if (!last) return [];
      series.push({ uploads, classes: summarise(last) });
      if (i === 0) boundary = last.lastId;
    }
    const growing = growingClasses(growthByClass(series), findings);
    const paths = retainingPaths(last!, growing.slice(0, mostPaths).map(classOf), boundary);
    return growing.map((each, i) => ({
      ...each,
      source: probe.source,
      ...(paths[i] ? { retainedBy: paths[i] } : {}),
    }));
  } catch (error) {
    if (!(error instanceof LeakhuntError)) throw error;
    experiment.profiles.unread.set(probe.source, messageOf(error));
    return [];
  }
}

function classOf({ site }: Pick<Culprit, 'site'>): Pick<ClassSummary, 'name' | 'file' | 'line'> {
  return { name: site.function, file: site.file, line: site.line };
}
