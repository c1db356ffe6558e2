import { Command, Option } from 'commander';
import { fixtureKinds } from '../fixtures/fixture.js';
import { hunt } from '../hunt/hunt.js';
import { parseUrl } from '../hunt/plan.js';
import type { Hunt } from '../hunt/record.js';
import { type FormPart, parseForm, parseFormString } from '../load/form.js';
import { parseTraffic } from '../verdict/forecast.js';
import { headerOf } from './curl.js';
import { untilInterrupted } from './interrupt.js';
import { numberOf, secondsOf, shareOf } from './numbers.js';
import { openOutputs } from './outputs.js';
import { progressOn } from './progress.js';
import type { Streams } from './streams.js';
import { type Flags, optionsOf, pairOf } from './upload-flags.js';

const defaultUrl = 'http://localhost:8000/upload';

/** `leakhunt upload [url]`: hunts, reports, and answers with the verdict's exit code. */
export function uploadCommand(streams: Streams, exit: (code: number) => void): Command {
  const command = new Command('upload')
    .description('upload to a server in rounds and say what each upload leaves behind')
    .argument('[url]', `where to upload to (default: LEAKHUNT_URL, then ${defaultUrl})`)
    .optionsGroup('Load:')
    .option('-n, --n <count>', 'uploads per round', numberOf('-n'), 100)
    .option('-c, --concurrency <count>', 'uploads in flight at once (default: 10)', numberOf('-c'))
    .option('--rounds <count|auto>', 'rounds of uploads; auto: until decided', roundsOf, 'auto' as const)
    .option('--warm-up <rounds>', 'rounds that are not judged', numberOf('--warm-up'), 2)
    .option('--max-rounds <count>', 'most rounds of auto', numberOf('--max-rounds'), 96)
    .option('--time-limit <seconds>', 'begin no round after so long', secondsOf('--time-limit'), 600)
    .optionsGroup('File:')
    .option('--size <bytes>', 'size of the generated file, as in 1.3MB or 64KiB (default: 1.3MB)')
    .addOption(
      new Option('--kind <kind>', 'kind of the generated file (default: text)').choices(fixtureKinds),
    )
    .option('--seed <number>', 'same seed, same bytes (default: 1)', numberOf('--seed'))
    .option('--field <name>', 'form field of the generated file (default: file)')
    .optionsGroup("Request, as curl's:")
    .option('-F, --form <name=content>', 'a part of the form: name=@file or name=value', addParts)
    .option('--form-string <name=value>', 'a field taken as it stands')
    .option('-H, --header <header>', 'a header', addTo(headerOf))
    .option('-X, --request <method>', 'the method (default: POST)')
    .option('-u, --user <name:password>', 'credentials for basic authentication')
    .option('-b, --cookie <name=value>', 'a cookie')
    .option('-L, --location', 'follow redirects 307 and 308')
    .option('-k, --insecure', 'accept any certificate')
    .option('-m, --max-time <seconds>', 'limit of one upload (default: 300)', secondsOf('--max-time'))
    .option(
      '--connect-timeout <seconds>',
      'limit for connecting (default: 10)',
      secondsOf('--connect-timeout'),
    )
    .optionsGroup('Measuring:')
    .option(
      '--probe <source>',
      'auto, or a source and its address, as in pprof=localhost:6060 (repeatable)',
      addTo(String),
    )
    .option('--allow-signals', 'have a Node process open its inspector (SIGUSR1)')
    .option(
      '--settle <seconds>',
      'longest wait for memory to stop falling (default: 2)',
      secondsOf('--settle'),
    )
    .optionsGroup('Target:')
    .option('--start <command>', 'start the target, measure it, stop it')
    .option('--cwd <folder>', 'where to start it')
    .option('--env <key=value>', 'for its environment (repeatable)', addTo(pairOf))
    .option('--ready <url>', 'what answers once it is ready (default: the URL itself)', parseUrl)
    .option('--ready-timeout <seconds>', 'longest wait for that (default: 30)', secondsOf('--ready-timeout'))
    .option('--stop-timeout <seconds>', 'from SIGTERM to SIGKILL (default: 5)', secondsOf('--stop-timeout'))
    .optionsGroup('Verdict:')
    .option(
      '--max-growth <[resource=]amount>',
      'growth per upload to call flat (repeatable)',
      addTo(String),
      [],
    )
    .option(
      '--min-uploads <count>',
      'uploads before growth of memory alone is called a leak',
      numberOf('--min-uploads'),
      2000,
    )
    .option('--max-failed <share>', 'share of uploads that may fail (default: 1%)', shareOf('--max-failed'))
    .option('--traffic <uploads/time>', 'forecast for a rate, as in 10000/day or 50/s', parseTraffic)
    .option('--memory-limit <bytes>', "the target's limit, as in 4GiB, for the forecast")
    .option('--allow-inconclusive', 'exit 0 where no verdict is reached')
    .optionsGroup('Reports:')
    .option('--json <file>', 'write the record; - is standard output')
    .option('-q, --quiet', 'no progress')
    .option('--debug', 'show where an error comes from');
  command.addHelpText(
    'after',
    '\nExit codes: 0 flat, 1 leak, 2 wrong usage, 3 inconclusive, 4 the target could not be measured, 130 interrupted.',
  );
  command.on('option:form-string', (value: string) => {
    command.setOptionValue('form', [...(command.opts<Flags>().form ?? []), parseFormString(value)]);
  });

  return command.action(async (url: string | undefined, flags: Flags) => {
    const options = optionsOf(targetUrl(url, streams), flags);
    const outputs = await openOutputs(streams, { json: flags.json });
    const progress = progressOn(streams, flags.quiet ?? false);
    const record: Hunt = await untilInterrupted(streams, signal =>
      hunt({ ...options, signal, onEvent: progress.onEvent }),
    ).finally(progress.clear);
    await outputs.write(record);
    exit(record.exitCode === 3 && flags.allowInconclusive ? 0 : record.exitCode);
  });
}

/** The URL given, or the one in the environment, or the default. */
export function targetUrl(url: string | undefined, { env }: Streams): string {
  return url ?? env.LEAKHUNT_URL ?? defaultUrl;
}

/** Collects what a repeatable flag says. */
export function addTo<Value>(parse: (text: string) => Value) {
  return (text: string, before: Value[] = []) => [...before, parse(text)];
}

function addParts(text: string, before: FormPart[] = []): FormPart[] {
  return [...before, ...parseForm(text)];
}

function roundsOf(text: string): number | 'auto' {
  return text === 'auto' ? text : numberOf('--rounds')(text);
}
