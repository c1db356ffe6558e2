import { type Command, Option } from 'commander';
import { fixtureKinds } from '../../fixtures/fixture.js';
import { parseDrain } from '../../hunt/drain.js';
import { hunt } from '../../hunt/hunt.js';
import { parseUrl } from '../../hunt/plan.js';
import { parseStatuses } from '../../load/expectation.js';
import { parseScenarios } from '../../load/scenarios/parse.js';
import { parseProbe } from '../../probes/index.js';
import type { Hunt } from '../../record/record.js';
import { parseBytes } from '../../units.js';
import { marginsOf } from '../../verdict/margins.js';
import { repeatable } from '../config/keys.js';
import { readRequest } from '../curl/files.js';
import { withoutEffectNote } from '../curl/line.js';
import type { CurlRequest } from '../curl/request.js';
import { journalFile } from '../history/journal-file.js';
import { keep, keptOf } from '../history/keep.js';
import { repeatingCommand } from '../history/repeat.js';
import { addReportOptions, formatsIn } from '../outputs/flags.js';
import { tellGithub } from '../outputs/github.js';
import { openOutputs } from '../outputs/outputs.js';
import { addExitCodes } from '../program/exit-code-help.js';
import { untilInterrupted } from '../program/interrupt.js';
import { numberOf, rateOf, secondsOf, shareOf } from '../program/numbers.js';
import { progressOn } from '../program/progress.js';
import type { Streams } from '../program/streams.js';
import { openBaseline } from './baseline.js';
import { type Flags, optionsOf, pairOf } from './flags.js';
import { profilesFolder } from './profiles-folder.js';

/** Where uploads go where nothing else is said. */
export const defaultUrl = 'http://localhost:8000/upload';

/** Hunts by a request and the other flags, and writes the reports; resolves to the record. */
export async function huntAndReport(
  request: CurlRequest,
  url: string,
  flags: Flags,
  streams: Streams,
): Promise<Hunt> {
  const note = withoutEffectNote(request);
  if (note !== undefined) streams.stderr.write(`${note}\n`);
  const options = optionsOf(await readRequest(request, url, streams), flags);
  const kept = keptOf(flags);
  const baseline = await openBaseline(flags.baseline, options, streams);
  const outputs = await openOutputs(streams, formatsIn(flags), flags);
  const profiles = await profilesFolder(streams, flags.profiles);
  const journal = await journalFile(kept, streams);
  const progress = progressOn(streams, flags.quiet ?? false);
  return untilInterrupted(streams, async signal => {
    const measured: Hunt = await hunt({
      ...options,
      command: repeatingCommand(streams.argv.slice(2)),
      signal,
      onEvent: event => {
        progress.onEvent(event);
        profiles.onEvent(event);
        journal.onEvent(event);
      },
    })
      .catch(error => {
        journal.leave();
        throw error;
      })
      .finally(progress.clear);
    await profiles.done();
    const { hunt: record, refusal } = baseline.beside(measured);
    const file = await keep(record, kept, streams);
    if (file !== undefined) journal.remove();
    try {
      await outputs.write(record);
    } finally {
      await tellGithub(record, streams, outputs.stdoutTaken);
      progress.end(file);
    }
    if (refusal) throw refusal;
    return record;
  });
}

/** Everything that is not curl's; `request` adds what is, in its place. */
export function addHuntOptions(command: Command, request = () => command): void {
  command
    .optionsGroup('Load:')
    .option('-n, --n <count>', 'uploads per round (default: 100)', numberOf('-n'))
    .option('-c, --concurrency <count>', 'uploads in flight at once (default: 10)', numberOf('-c'))
    .option(
      '--rate <uploads/time>',
      'begin so many, whether or not the target keeps up: 50/s',
      rateOf('--rate'),
    )
    .option('--think-time <seconds>', 'pause of a connection between uploads', secondsOf('--think-time'))
    .option('--duration <seconds>', 'length of a round, in place of -n', secondsOf('--duration'))
    .option('--workers <count|auto>', 'threads to upload from (default: 1)', workersOf)
    .option('--no-keepalive', 'a connection of its own for each upload')
    .option(
      '--scenario <names>',
      'what the uploads do: complete, abort, truncate, malformed, reject, stall or all',
      checkedBy(parseScenarios),
    )
    .option('--unique', 'no two uploads alike: each carries its number')
    .option('--rounds <count|auto>', 'rounds of uploads; auto: until decided', roundsOf, 'auto' as const)
    .option('--warm-up <rounds>', 'rounds that are not judged', numberOf('--warm-up'), 2)
    .option('--max-rounds <count>', 'most rounds of auto', numberOf('--max-rounds'), 96)
    .option('--time-limit <seconds>', 'begin no upload after so long', secondsOf('--time-limit'), 600)
    .option('--thorough', 'decide every resource; else a hunt ends as soon as a leak is sure')
    .option(
      '--max-memory <bytes>',
      "most that a hunt adds to the target's memory (default: 1GiB, or 1/8 of the machine's)",
      checkedBy(parseBytes),
    )
    .option('--max-disk <bytes>', 'most that it leaves in temp files (default: 2GiB)', checkedBy(parseBytes))
    .optionsGroup('File:')
    .option(
      '--size <bytes>',
      'size of the generated file, as in 1.3MB or 64KiB (default: 1.3MB)',
      checkedBy(parseBytes),
    )
    .option('--sizes <list>', 'sizes that take turns, as in 1kB,100kB,1MB: growth per upload and per byte')
    .addOption(
      new Option('--kind <kind>', 'kind of the generated file (default: text)').choices(fixtureKinds),
    )
    .option('--seed <number>', 'same seed, same bytes (default: 1)', numberOf('--seed'))
    .option('--field <name>', 'form field of the generated file (default: file)');
  request()
    .optionsGroup('Measuring:')
    .option(
      '--probe <source>',
      'auto, or a source and its address, as in pprof=localhost:6060 (repeatable)',
      addTo(checkedBy(parseProbe)),
    )
    .option(
      '--no-snapshots',
      'do not ask a leaking Node or Python target for heap snapshots or traces, which slow it',
    )
    .option('--allow-signals', 'have a Node process open its inspector (SIGUSR1)')
    .option(
      '--settle <seconds>',
      'longest wait for memory to stop falling (default: 2)',
      secondsOf('--settle'),
    )
    .option(
      '--drain <seconds|metric=value>',
      'rest before a leak is called (default: as long as the uploads took, 5 to 30 s)',
      checkedBy(parseDrain),
    )
    .optionsGroup('Target:')
    .option('--start <command>', 'start the target, measure it, stop it')
    .option('--stop <command>', 'end it with this command, however the hunt ends')
    .option('--cwd <folder>', 'where to start it')
    .option('--env <key=value>', 'for its environment (repeatable)', addTo(pairOf))
    .option('--ready <url>', 'what answers once it is ready (default: the URL itself)', parseUrl)
    .option('--ready-timeout <seconds>', 'longest wait for that (default: 30)', secondsOf('--ready-timeout'))
    .option('--stop-timeout <seconds>', 'from SIGTERM to SIGKILL (default: 5)', secondsOf('--stop-timeout'))
    .optionsGroup('Verdict:')
    .option(
      '--max-growth <[resource=]amount>',
      'growth per upload to call flat (repeatable)',
      addTo(checkedBy(text => marginsOf([text]))),
    )
    .option(
      '--min-uploads <count>',
      'uploads before growth of memory alone is called a leak',
      numberOf('--min-uploads'),
      2000,
    )
    .option(
      '--expect-status <codes>',
      'what complete uploads are to be answered, as in 201 or 2xx,302 (repeatable; default: 2xx)',
      addTo(checkedBy(parseStatuses)),
    )
    .option('--expect <text>', 'text without which an answer is a failure')
    .option('--max-failed <share>', 'share of uploads that may fail (default: 1%)', shareOf('--max-failed'))
    .option('--traffic <uploads/time>', 'forecast for a rate, as in 10000/day or 50/s', rateOf('--traffic'))
    .option(
      '--memory-limit <bytes>',
      "the target's limit, as in 4GiB, for the forecast",
      checkedBy(parseBytes),
    )
    .option(
      '--baseline <record>',
      'fail only on leaks that are new since, or have grown by more than the margin',
    )
    .option('--allow-inconclusive', 'exit 0 where no verdict is reached')
    .option('--bisect', 'exit as git bisect run wants it: 1 leak, 0 flat, 125 neither')
    .optionsGroup('Reports:');
  addReportOptions(command)
    .option('--keep <count>', 'hunts to keep in .leakhunt/ (default: 20)', numberOf('--keep'))
    .option('--no-save', 'keep no record of this hunt in .leakhunt/')
    .option('--profiles <folder>', 'keep the first and last profiles, and the growth between them')
    .option('-q, --quiet', 'no progress')
    .option('--debug', 'show where an error comes from');
  addExitCodes(command);
}

/** The URL given, or the one in the environment, or the default. */
export function targetUrl(url: string | undefined, { env }: Pick<Streams, 'env'>): string {
  return url ?? (env.LEAKHUNT_URL || defaultUrl);
}

/** Collects what a repeatable flag says. */
export function addTo<Value>(parse: (text: string) => Value) {
  return repeatable((text: string, before: Value[] = []) => [...before, parse(text)]);
}

/** The text itself, where `parse` takes it: what is wrong with it is said before anything else is done. */
function checkedBy(parse: (text: string) => unknown) {
  return (text: string) => {
    parse(text);
    return text;
  };
}

function workersOf(text: string): number | 'auto' {
  return text === 'auto' ? text : numberOf('--workers')(text);
}

function roundsOf(text: string): number | 'auto' {
  return text === 'auto' ? text : numberOf('--rounds')(text);
}
