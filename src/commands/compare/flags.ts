import { Command, type Option } from 'commander';
import type { SideName } from '../../compare/compare.js';
import { usageError } from '../../errors.js';
import { jsonFile } from '../outputs/flags.js';
import { type Flags, pairOf } from '../upload/flags.js';
import { addHuntOptions, addTo } from '../upload/upload.js';

/** What the command line of `compare` contains. */
export interface CompareFlags extends Flags {
  startBefore?: string;
  startAfter?: string;
  cwdBefore?: string;
  cwdAfter?: string;
  envBefore?: [string, string][];
  envAfter?: [string, string][];
  force?: boolean;
}

/** The options of `upload` for its reports that a comparison has as well. */
const shared = new Set(['--keep', '--no-save', '--quiet', '--debug']);
const ofHuntsAlone = new Set(['--traffic', '--memory-limit', '--baseline', '--thorough']);
/** The options about hunting that also mean something to records. */
const ofRecords = new Set(['--max-growth', '--allow-inconclusive', ...shared]);

/** Gives `compare` its own options and those of `upload` that say how to hunt; returns the latter. */
export function addCompareOptions(command: Command, request: () => Command): Option[] {
  const upload = new Command('upload');
  addHuntOptions(upload);
  const taken = upload.options.filter(({ long, helpGroupHeading }) =>
    helpGroupHeading === 'Reports:' ? shared.has(long!) : !ofHuntsAlone.has(long!),
  );
  const add = (heading: RegExp) => {
    for (const option of taken) if (heading.test(option.helpGroupHeading!)) command.addOption(option);
  };
  command
    .optionsGroup('Sides:')
    .option('--start-before <command>', 'start the first target with this command')
    .option('--start-after <command>', 'start the second target with this command')
    .option('--cwd-before <folder>', 'folder to start the first target in')
    .option('--cwd-after <folder>', 'folder to start the second target in')
    .option(
      '--env-before <key=value>',
      'environment variable of the first target (repeatable)',
      addTo(pairOf),
    )
    .option(
      '--env-after <key=value>',
      'environment variable of the second target (repeatable)',
      addTo(pairOf),
    )
    .option('--force', 'compare hunts that were measured differently');
  add(/^(Load|File):/);
  request();
  add(/^(Measuring|Target|Verdict):/);
  command
    .optionsGroup('Reports:')
    .option('--json <file>', 'write the comparison; - is standard output', jsonFile)
    .option('--markdown <file>', 'write a comment for a pull request');
  add(/^Reports:/);
  return taken.filter(({ long }) => !ofRecords.has(long!));
}

/** How one side's target is started; the flags for both sides apply where it has none of its own. */
export function flagsOf(place: SideName, flags: CompareFlags): Flags {
  const own =
    place === 'before'
      ? { start: flags.startBefore, cwd: flags.cwdBefore, env: flags.envBefore }
      : { start: flags.startAfter, cwd: flags.cwdAfter, env: flags.envAfter };
  const env = [...(flags.env ?? []), ...(own.env ?? [])];
  return {
    ...flags,
    start: own.start ?? flags.start,
    cwd: own.cwd ?? flags.cwd,
    env: env.length > 0 ? env : undefined,
  };
}

/** Whether a side has flags of its own. */
export function hasOwn(place: SideName, flags: CompareFlags): boolean {
  const { startBefore, cwdBefore, envBefore, startAfter, cwdAfter, envAfter } = flags;
  const own = place === 'before' ? [startBefore, cwdBefore, envBefore] : [startAfter, cwdAfter, envAfter];
  return own.some(each => each !== undefined);
}

/** Refuses options that say how to hunt if nothing is hunted: they would change nothing. */
export function refuseHuntOptions(command: Command, hunting: Option[], request: { written: string }[]): void {
  const given = hunting.find(option => command.getOptionValueSource(option.attributeName()) === 'cli');
  const written = given?.long ?? request[0]?.written;
  if (written === undefined) return;
  throw usageError(
    'NOTHING_TO_HUNT',
    `${written} says how to hunt, but both sides are saved hunts: remove it.`,
  );
}
