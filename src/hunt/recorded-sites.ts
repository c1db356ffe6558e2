import { awake } from '../awake.js';
import { LeakhuntError, messageOf } from '../errors.js';
import type { ProfileFormat, RawProfile, Recording } from '../probes/probe.js';
import { heap, isHeap } from '../probes/resource-questions.js';
import { type ResourceName, resources } from '../probes/resources.js';
import { keptObjects, liveThreads, startedThreads, startsAreOf } from '../profiles/jvm/flight-recording.js';
import type { Culprit } from '../record/record.js';
import { keptSites, startingSites } from '../verdict/culprits/recorded-sites.js';
import type { Finding } from '../verdict/finding.js';
import type { Experiment, Setting } from './measured.js';
import { raceAbort } from './race-abort.js';
import { runOneRound } from './round-run.js';

/**
 * Bytes that the uploads of a recording are to leave behind. A JVM samples what it allocates about once in a thread's
 * buffer (TLAB), which is a fraction of a megabyte: so much is a dozen of samples and more.
 */
const enough = 12 * 2 ** 20;
/** Uploads of a recording, at least and at most, and the seconds that they may take. */
const fewest = 30;
const most = 5_000;
const longest = 20;

/**
 * The lines that allocate what is kept and that start threads, in a target that can record them: some more rounds of
 * uploads while it does. Recording takes memory of the target, so it comes when the verdict is known. Empty where
 * there is nothing to ask, or no time left to.
 */
export async function recordedSites(
  findings: readonly Finding[],
  culprits: readonly Culprit[],
  experiment: Experiment,
  setting: Setting,
): Promise<Culprit[]> {
  const { recorder } = setting.reader;
  const { end, profiles } = experiment;
  const asked = findings.filter(({ verdict, series }) => verdict === 'leak' && isAsked(series.name));
  const done = end === 'decided' || end === 'rounds-done';
  if (!recorder || !done || !setting.plan.snapshots || asked.length === 0 || setting.signal?.aborted)
    return [];
  let recording: Recording | undefined;
  try {
    recording = await recorder.record();
    const uploads = await uploadWhile(uploadsFor(asked, setting), experiment, setting);
    const told = uploads > 0 ? await raceAbort(recording.stop(), setting.signal) : undefined;
    return told ? sitesIn(told, { asked, culprits, uploads, source: recorder.source }) : [];
  } catch (error) {
    profiles.unread.set(recorder.source, messageOf(error));
    if (error instanceof LeakhuntError || error instanceof SyntaxError || recording) return [];
    throw error;
  } finally {
    await recording?.close();
  }
}

function isAsked(name: ResourceName): boolean {
  return isOfHeap(name) || name === startsAreOf;
}

function isOfHeap(name: ResourceName): boolean {
  return isHeap(name) || resources[name].counts === heap;
}

/** A round for threads, whose starts are all recorded; for objects as many as leave enough. */
function uploadsFor(asked: readonly Finding[], { plan }: Setting): number {
  const bytes = asked.find(({ series }) => isHeap(series.name))?.perUpload.estimate;
  const objects = asked.some(({ series }) => isOfHeap(series.name));
  if (!objects) return plan.uploadsPerRound;
  const wanted = bytes === undefined ? most : Math.min(most, Math.ceil(enough / bytes));
  return Math.max(wanted, Math.min(plan.uploadsPerRound, fewest));
}

async function uploadWhile(wanted: number, { rounds }: Experiment, setting: Setting): Promise<number> {
  const start = awake.now();
  let done = 0;
  while (done < wanted && awake.now() - start < longest * 1000 && setting.left() > 0) {
    if (setting.signal?.aborted) return 0;
    setting.emit({ type: 'round', kind: 'snapshot', round: 0, mostRounds: 0 });
    const { completed } = await runOneRound(rounds, setting);
    if (completed === 0) break;
    done += completed;
  }
  return done;
}

interface Asked {
  asked: readonly Finding[];
  culprits: readonly Culprit[];
  uploads: number;
  source: string;
}

function sitesIn(told: readonly RawProfile[], { asked, culprits, uploads, source }: Asked): Culprit[] {
  const text = (wanted: ProfileFormat) =>
    new TextDecoder().decode(told.find(({ format }) => format === wanted)?.bytes ?? new Uint8Array());
  const objects = keptObjects(text('jfr-old-objects'));
  const living = liveThreads(text('jvm-threads'));
  const started = startedThreads(text('jfr-thread-starts')).filter(({ id }) => living.has(id));
  return asked.flatMap(({ series, perUpload: { estimate } }): Culprit[] => {
    const { name } = series;
    if (name === startsAreOf) {
      return startingSites(started, name, uploads, estimate).map(site => ({ ...site, source }));
    }
    const classes = culprits.filter(({ kind, resource }) => kind === 'class' && resource === name);
    return keptSites(objects, classes, estimate).map(site => ({ ...site, source }));
  });
}
