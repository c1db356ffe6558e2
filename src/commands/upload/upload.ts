import { type Command, Option } from 'commander';
import { fixtureKinds } from '../../fixtures/fixture.js';
import { parseDrain } from '../../hunt/drain.js';
import { hunt } from '../../hunt/hunt.js';
import { parseUrl } from '../../hunt/upload-url.js';
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
import { untilInterrupted } from '../program/interrupt.js';
import { numberOf, rateOf, secondsOf, shareOf } from '../program/numbers.js';
import { progressOn } from '../program/progress.js';
import type { Streams } from '../program/streams.js';
import { openBaseline } from './baseline.js';
import { type Flags, optionsOf, pairOf } from './flags.js';
import { profilesFolder } from './profiles-folder.js';

/** Where uploads go by default. */
export const defaultUrl = 'http://localhost:8000/upload';

/** Hunts as the request and the other flags say, and writes the reports; resolves to the record. */
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

/** What most hunts need, for the short help. */
export const firstOptions = [
  ...[
    '--n',
    '--concurrency',
    '--size',
    '--form',
    '--header',
    '--scenario',
    '--start',
    '--probe',
    '--max-growth',
  ],
  ...['--html', '--json'],
];

/** Everything that is not curl's; `request` adds what is, in its place. */
export function addHuntOptions(command: Command, request = () => command): void {
  command
    .optionsGroup('Load:')
    .option('-n, --n <count>', 'uploads per round (default: 100)', numberOf('-n'))
    .option('-c, --concurrency <count>', 'concurrent uploads (default: 10)', numberOf('-c'))
    .option(
      '--rate <uploads/time>',
      'start uploads at a fixed rate, even if the target falls behind, e.g. 50/s',
      rateOf('--rate'),
    )
    .option('--think-time <seconds>', 'pause between the uploads of a connection', secondsOf('--think-time'))
    .option(
      '--duration <seconds>',
      'end each round after this time instead of after -n uploads',
      secondsOf('--duration'),
    )
    .option('--workers <count|auto>', 'threads that upload (default: 1)', workersOf)
    .option('--no-keepalive', 'open a new connection for each upload')
    .option(
      '--scenario <names>',
      'what uploads do: complete, abort, truncate, malformed, reject, stall or all',
      checkedBy(parseScenarios),
    )
    .option('--unique', 'make every upload different by putting its number into it')
    .option(
      '--rounds <count|auto>',
      'rounds of uploads; auto runs until the verdict is clear',
      roundsOf,
      'auto' as const,
    )
    .option('--warm-up <rounds>', 'rounds to leave out of the verdict', numberOf('--warm-up'), 2)
    .option('--max-rounds <count>', 'most rounds that --rounds auto may run', numberOf('--max-rounds'), 96)
    .option('--time-limit <seconds>', 'start no upload after this time', secondsOf('--time-limit'), 600)
    .option('--thorough', 'decide every resource, instead of stopping as soon as one leak is certain')
    .option(
      '--max-memory <bytes>',
      "stop when the target's memory has grown by this much (default: 1GiB, or 1/8 of the machine's)",
      checkedBy(parseBytes),
    )
    .option(
      '--max-disk <bytes>',
      'stop when the temp files have grown by this much (default: 2GiB)',
      checkedBy(parseBytes),
    )
    .optionsGroup('File:')
    .option('--size <bytes>', 'size of the generated file (default: 1.3MB)', checkedBy(parseBytes))
    .option(
      '--sizes <list>',
      'alternate between sizes, e.g. 1kB,100kB,1MB, to tell growth per upload from growth per byte',
    )
    .addOption(
      new Option('--kind <kind>', 'kind of the generated file (default: text)').choices(fixtureKinds),
    )
    .option(
      '--seed <number>',
      'seed of the generated file: same seed, same bytes (default: 1)',
      numberOf('--seed'),
    )
    .option('--field <name>', 'form field that carries the generated file (default: file)');
  request()
    .optionsGroup('Measuring:')
    .option(
      '--probe <source>',
      'what to read: auto, or e.g. pid=4711 (repeatable)',
      addTo(checkedBy(parseProbe)),
    )
    .option('--no-snapshots', 'do not ask a leaking target what it retains (this pauses or slows it)')
    .option('--allow-signals', 'send SIGUSR1 to a Node target so that it opens its inspector')
    .option(
      '--settle <seconds>',
      'wait up to this long for memory to stop falling (default: 2)',
      secondsOf('--settle'),
    )
    .option(
      '--drain <seconds|metric=value>',
      'wait this long before calling a leak, or until a metric has this value (default: as long as the uploads took, 5 to 30 s)',
      checkedBy(parseDrain),
    )
    .optionsGroup('Target:')
    .option('--start <command>', 'start the target with this command, then stop it')
    .option('--stop <command>', 'stop the target with this command, however the hunt ends')
    .option('--cwd <folder>', 'folder to start the target in')
    .option('--env <key=value>', 'environment variable of the target (repeatable)', addTo(pairOf))
    .option('--ready <url>', 'URL that answers when the target is ready (default: the upload URL)', parseUrl)
    .option(
      '--ready-timeout <seconds>',
      'time limit for the target to become ready (default: 30)',
      secondsOf('--ready-timeout'),
    )
    .option(
      '--stop-timeout <seconds>',
      'time from SIGTERM to SIGKILL (default: 5)',
      secondsOf('--stop-timeout'),
    )
    .optionsGroup('Verdict:')
    .option(
      '--max-growth <[resource=]amount>',
      'largest growth per upload to call flat (repeatable)',
      addTo(checkedBy(text => marginsOf([text]))),
    )
    .option(
      '--min-uploads <count>',
      'uploads needed before growing memory alone is called a leak',
      numberOf('--min-uploads'),
      2000,
    )
    .option(
      '--expect-status <codes>',
      'statuses that complete uploads should get, e.g. 201 or 2xx,302 (repeatable; default: 2xx)',
      addTo(checkedBy(parseStatuses)),
    )
    .option('--expect <text>', 'text that every response must contain')
    .option('--max-failed <share>', 'share of uploads that may fail (default: 1%)', shareOf('--max-failed'))
    .option(
      '--traffic <uploads/time>',
      'forecast the growth at this rate, e.g. 10000/day or 50/s',
      rateOf('--traffic'),
    )
    .option(
      '--memory-limit <bytes>',
      'memory limit of the target for the forecast, e.g. 4GiB',
      checkedBy(parseBytes),
    )
    .option(
      '--baseline <record>',
      'fail only on leaks that are new since this record, or larger by more than the margin',
    )
    .option('--allow-inconclusive', 'exit 0 instead of 3 if there is no verdict')
    .option('--bisect', 'exit as git bisect run expects: 0 flat, 1 leak, 125 neither')
    .optionsGroup('Reports:');
  addReportOptions(command)
    .option('--keep <count>', 'number of hunts to keep in .leakhunt/ (default: 20)', numberOf('--keep'))
    .option('--no-save', 'do not save this hunt in .leakhunt/')
    .option('--profiles <folder>', 'save the first and last profiles and the growth between them')
    .option('-q, --quiet', 'show no progress')
    .option('--debug', 'print the stack trace of an error');
}

/** The URL given, or the one in the environment, or the default. */
export function targetUrl(url: string | undefined, { env }: Pick<Streams, 'env'>): string {
  return url ?? (env.LEAKHUNT_URL || defaultUrl);
}

/** Collects the values of a repeatable flag. */
export function addTo<Value>(parse: (text: string) => Value) {
  return repeatable((text: string, before: Value[] = []) => [...before, parse(text)]);
}

/** The text itself, if `parse` accepts it: mistakes are reported before anything else is done. */
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
