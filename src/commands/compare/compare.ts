import type { Command } from 'commander';
import { huntInTurn, interrupted, type SideName } from '../../compare/compare.js';
import {
  type Comparison,
  type ComparisonOptions,
  compareHunts,
  type Side,
} from '../../compare/comparison.js';
import { setupOfPlan } from '../../compare/setup.js';
import type { HuntEvent } from '../../hunt/events.js';
import { hunt } from '../../hunt/hunt.js';
import type { ReadOptions } from '../../hunt/options.js';
import { planHunt } from '../../hunt/plan.js';
import type { Hunt } from '../../record/record.js';
import { comparisonText } from '../../reports/comparison/comparison.js';
import { comparisonMarkdown } from '../../reports/comparison/markdown.js';
import { inert } from '../../reports/github.js';
import { marginsOf } from '../../verdict/margins.js';
import { readRequest } from '../curl/files.js';
import { type Said, urlSaid } from '../curl/flags.js';
import { addCurlOptions, addOtherCurlOptions } from '../curl/group.js';
import { requestOf } from '../curl/request.js';
import { journalFile } from '../history/journal-file.js';
import { keep, keptOf } from '../history/keep.js';
import { inGithub } from '../outputs/github.js';
import { type Outputs, openReports } from '../outputs/outputs.js';
import { addHelp } from '../program/help.js';
import { untilInterrupted } from '../program/interrupt.js';
import { passed } from '../program/passing.js';
import { progressOn } from '../program/progress.js';
import { lookOf, type Returning, type Streams } from '../program/streams.js';
import { optionsOf } from '../upload/flags.js';
import { addCompareOptions, type CompareFlags, flagsOf, refuseHuntOptions } from './flags.js';
import {
  comparable,
  measuredSide,
  type NamedSetup,
  nameOfTarget,
  recordedSide,
  setupOfSide,
  type WantedSide,
  wantedOf,
} from './sides.js';

/** What most comparisons need. */
const firstOptions = [
  ...[
    '--start-before',
    '--start-after',
    '--n',
    '--concurrency',
    '--size',
    '--form',
    '--header',
    '--probe',
    '--max-growth',
  ],
  ...['--force', '--json', '--markdown'],
];

/** `leakhunt compare <before> <after>`: whether each upload leaves more behind than it did. */
export function compareCommand(command: Command, streams: Streams, returning: Returning): void {
  const said: Said[] = [];
  command
    .argument('[before]', 'file written by --json, or a URL')
    .argument('[after]', 'file or URL to compare it with');
  const hunting = addCompareOptions(command, () => addCurlOptions(command, said));
  addOtherCurlOptions(command, said);
  addHelp(command, {
    first: firstOptions,
    exitCodes: {
      flat: 'no worse',
      leak: 'worse',
      inconclusive: 'no verdict',
      unmeasurable: 'a side could not be measured',
    },
  });

  command.action(
    returning(async (before: string | undefined, after: string | undefined, flags: CompareFlags) => {
      const operands = [before, after].filter(each => each !== undefined);
      const wanted = wantedOf(operands, flags, streams);
      if ('record' in wanted.before && 'record' in wanted.after) refuseHuntOptions(command, hunting, said);
      const marginFor = marginsIn(flags);
      const kept = keptOf(flags);
      const outputs = await openComparison(streams, flags);
      const sides = await measured(wanted, said, flags, streams, kept);
      const differences = comparable(setupOfSide(sides.before), setupOfSide(sides.after), flags.force);
      const comparison = compareHunts(sides.before, sides.after, { marginFor, differences });
      await outputs.write(comparison);
      return passed(comparison.exitCode, flags);
    }),
  );
}

/** Reads the records first, so that a bad one fails before the work, and hunts the rest. */
async function measured(
  wanted: Record<SideName, WantedSide>,
  said: Said[],
  flags: CompareFlags,
  streams: Streams,
  kept: number,
): Promise<Record<SideName, Side>> {
  const input = { env: streams.env, stdin: streams.stdin && replayed(streams.stdin) };
  const read = async (place: SideName): Promise<Side | ReadOptions> => {
    const side = wanted[place];
    if ('record' in side) return recordedSide(side.record, input);
    const request = await readRequest(requestOf([...said, urlSaid(side.url)]), side.url, input);
    const options = optionsOf({ ...request, url: request.url ?? side.url }, flagsOf(place, flags));
    // To tell what grows less than before from what grows more, every resource is needed.
    return { ...options, thorough: true };
  };
  const sides = { before: await read('before'), after: await read('after') };
  comparable(setupIn(sides.before), setupIn(sides.after), flags.force);
  const journal = await journalFile(kept, streams);
  const progress = progressOn(streams, flags.quiet ?? false);
  const live = (options: ReadOptions, hunts: Hunt[]) => measuredSide({ name: nameOfTarget(options), hunts });
  return untilInterrupted(streams, async signal => {
    const onEvent = (event: HuntEvent) => {
      progress.onEvent(event);
      journal.onEvent(event);
    };
    const listening = (options: ReadOptions) => ({ ...options, signal, onEvent });
    const { before, after } = sides;
    if ('url' in before && 'url' in after) {
      const hunts = await huntInTurn({ before: listening(before), after: listening(after) });
      for (const record of [...hunts.before, ...hunts.after]) await keep(record, kept, streams);
      journal.remove();
      return { before: live(before, hunts.before), after: live(after, hunts.after) };
    }
    const hunted = async (side: Side | ReadOptions): Promise<Side> => {
      if (!('url' in side)) return side;
      const record = await hunt(listening(side));
      if (record.end === 'interrupted') throw interrupted();
      await keep(record, kept, streams);
      journal.remove();
      return live(side, [record]);
    };
    return { before: await hunted(before), after: await hunted(after) };
  })
    .finally(journal.leave)
    .finally(progress.clear);
}

/** How a side was measured or is going to be; differences and wrong options fail here, before the work. */
function setupIn(side: Side | ReadOptions): NamedSetup {
  if (!('url' in side)) return setupOfSide(side);
  return { name: nameOfTarget(side), setup: setupOfPlan(planHunt(side)) };
}

/** Opens the files that the comparison is written to, before the work. */
function openComparison(streams: Streams, { json, markdown }: CompareFlags): Promise<Outputs<Comparison>> {
  return openReports(
    streams,
    { json, markdown },
    {
      formats: { json: comparisonJson, markdown: comparisonMarkdown },
      forPeople: comparison => {
        const text = comparisonText(comparison, lookOf(streams.stdout, streams.env));
        return inGithub(streams) ? inert(text) : text;
      },
    },
  );
}

function comparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, null, 2)}\n`;
}

/** The margins that `--max-growth` names; the records' own margins apply to the rest. */
function marginsIn({ maxGrowth = [] }: CompareFlags): ComparisonOptions['marginFor'] {
  const margins = marginsOf(maxGrowth);
  const names = maxGrowth.map(setting => /^(?:([^=]*)=)?/.exec(setting)![1]);
  return (name, unit) =>
    names.includes(name) || (unit === 'bytes' && names.includes(undefined)) ? margins[name] : undefined;
}

/** A stream that both sides can read from its beginning. */
function replayed(stdin: NonNullable<Streams['stdin']>): NonNullable<Streams['stdin']> {
  let chunks: (Uint8Array | string)[] | undefined;
  return {
    async *[Symbol.asyncIterator]() {
      if (!chunks) {
        chunks = [];
        for await (const chunk of stdin) chunks.push(chunk);
      }
      yield* chunks;
    },
  };
}
