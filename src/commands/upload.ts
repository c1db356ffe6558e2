import { Command, Option } from 'commander';
import { usageError } from '../errors.js';
import { type FixtureKind, fixtureKinds } from '../fixtures/fixture.js';
import { hunt } from '../hunt/hunt.js';
import type { HuntOptions } from '../hunt/options.js';
import { parseUrl } from '../hunt/plan.js';
import type { Hunt } from '../hunt/record.js';
import { type FormPart, parseForm, parseFormString } from '../load/form.js';
import { parseBytes } from '../units.js';
import { parseTraffic } from '../verdict/forecast.js';
import { marginsOf } from '../verdict/margins.js';
import { cookieHeader, headerOf, userHeader } from './curl.js';
import { untilInterrupted } from './interrupt.js';
import { numberOf, secondsOf, shareOf } from './numbers.js';
import { openOutputs } from './outputs.js';
import { progressOn } from './progress.js';
import type { Streams } from './streams.js';

interface Flags {
  n: number;
  concurrency?: number;
  rounds: number | 'auto';
  warmUp: number;
  maxRounds: number;
  timeLimit: number;
  minUploads: number;
  size?: string;
  kind?: FixtureKind;
  seed?: number;
  field?: string;
  form: FormPart[];
  header: [string, string][];
  request?: string;
  user?: string;
  cookie?: string;
  location?: boolean;
  insecure?: boolean;
  maxTime?: number;
  connectTimeout?: number;
  probe: string[];
  maxGrowth: string[];
  maxFailed?: number;
  settle?: number;
  start?: string;
  cwd?: string;
  env: [string, string][];
  ready?: URL;
  readyTimeout?: number;
  stopTimeout?: number;
  traffic?: number;
  memoryLimit?: string;
  json?: string;
  quiet?: boolean;
  allowInconclusive?: boolean;
}

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
    .option('-F, --form <name=content>', 'a part of the form: name=@file or name=value', addParts, [])
    .option('--form-string <name=value>', 'a field taken as it stands')
    .option('-H, --header <header>', 'a header', addTo(headerOf), [])
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
    .option('--probe <source>', 'auto, pprof=, inspector=, pid=, prometheus= (repeatable)', addTo(String), [])
    .option(
      '--settle <seconds>',
      'longest wait for memory to stop falling (default: 2)',
      secondsOf('--settle'),
    )
    .optionsGroup('Target:')
    .option('--start <command>', 'start the target, measure it, stop it')
    .option('--cwd <folder>', 'where to start it')
    .option('--env <key=value>', 'for its environment (repeatable)', addTo(pairOf), [])
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
    .option('--min-uploads <count>', 'call no heap a leak before', numberOf('--min-uploads'), 2000)
    .option('--max-failed <share>', 'share of uploads that may fail (default: 1%)', shareOf('--max-failed'))
    .option('--traffic <uploads/time>', 'forecast for a rate, as in 10000/day or 50/s', parseTraffic)
    .option('--memory-limit <bytes>', "the target's limit, as in 4GiB, for the forecast")
    .option('--allow-inconclusive', 'exit 0 where no verdict is reached')
    .optionsGroup('Reports:')
    .option('--json <file>', 'write the record; - is standard output')
    .option('-q, --quiet', 'no progress')
    .option('--debug', 'show where an error comes from');
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

function optionsOf(url: string, flags: Flags): HuntOptions {
  const generates = flags.size !== undefined || flags.kind !== undefined || flags.seed !== undefined;
  if (generates && flags.form.length > 0) {
    throw usageError(
      'BAD_FORM',
      'Both -F and a generated file (--size, --kind, --seed) are given: choose one of them.',
    );
  }
  return {
    ...flags,
    url,
    start: startOf(flags),
    uploadsPerRound: flags.n,
    warmUpRounds: flags.warmUp,
    method: flags.request,
    headers: [
      ...flags.header,
      ...(flags.user === undefined ? [] : [userHeader(flags.user)]),
      ...(flags.cookie === undefined ? [] : [cookieHeader(flags.cookie)]),
    ],
    fixture: {
      kind: flags.kind ?? 'text',
      size: flags.size === undefined ? 1_300_000 : parseBytes(flags.size),
      seed: flags.seed ?? 1,
    },
    traffic: trafficOf(flags),
    probes: flags.probe,
    margins: marginsOf(flags.maxGrowth),
  };
}

/** What was said about starting the target; what was not is left to the defaults. */
function startOf({ start, cwd, env, ready, readyTimeout, stopTimeout }: Flags): HuntOptions['start'] {
  if (start !== undefined) {
    const given = { ready, readyTimeout, stopTimeout };
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { command: start, cwd, env: Object.fromEntries(env), ...said };
  }
  if (cwd === undefined && env.length === 0 && ready === undefined) return undefined;
  throw usageError(
    'BAD_START',
    '--cwd, --env and --ready are about a target to start: add --start with its command.',
  );
}

/** `KEY=VALUE` of `--env`. */
function pairOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw usageError('BAD_ENV', `--env "${text}" is not KEY=VALUE: write it as --env PORT=8000.`);
}

function trafficOf({ traffic, memoryLimit }: Flags): HuntOptions['traffic'] {
  if (traffic !== undefined) {
    return {
      uploadsPerSecond: traffic,
      memoryLimit: memoryLimit === undefined ? undefined : parseBytes(memoryLimit),
    };
  }
  if (memoryLimit === undefined) return undefined;
  throw usageError(
    'BAD_TRAFFIC',
    '--memory-limit needs a rate to forecast with: add --traffic, as in 10000/day.',
  );
}

/** Collects what a repeatable flag says. */
export function addTo<Value>(parse: (text: string) => Value) {
  return (text: string, before: Value[]) => [...before, parse(text)];
}

function addParts(text: string, before: FormPart[]): FormPart[] {
  return [...before, ...parseForm(text)];
}

function roundsOf(text: string): number | 'auto' {
  return text === 'auto' ? text : numberOf('--rounds')(text);
}
