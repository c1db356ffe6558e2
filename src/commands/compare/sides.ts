import type { SideName } from '../../compare/compare.js';
import type { Side } from '../../compare/comparison.js';
import { differencesOf, type HuntSetup, setupOf } from '../../compare/setup.js';
import { targetError, usageError } from '../../errors.js';
import type { HuntOptions } from '../../hunt/options.js';
import { parseUrl } from '../../hunt/upload-url.js';
import { readRecord } from '../../record/read.js';
import { scenariosOf } from '../../record/record.js';
import { redactUrl } from '../../redact.js';
import { hiddenIn } from '../history/repeat-secrets.js';
import type { Streams } from '../program/streams.js';
import { targetUrl } from '../upload/upload.js';
import { type CompareFlags, hasOwn } from './flags.js';

/** One side as it was asked for: a record, or a target to hunt. */
export type WantedSide = { record: string } | { url: string };

/**
 * What to compare. A word that begins with a scheme is a URL, any other is a file. If the sides' own flags
 * tell them apart, one URL, or none, stands for both. Throws a usage error.
 */
export function wantedOf(
  operands: string[],
  flags: CompareFlags,
  streams: Streams,
): Record<SideName, WantedSide> {
  const [before, after] = operands.map(wantedIn);
  const apart = hasOwn('before', flags) || hasOwn('after', flags);
  if (before && after) return checked({ before, after }, flags);
  if (before && 'record' in before) {
    throw usageError(
      'ONE_SIDE',
      `"${before.record}" is only one side: add the record or URL to compare it with.`,
    );
  }
  if (apart) {
    const both = before ?? { url: targetUrl(undefined, streams) };
    return { before: both, after: both };
  }
  throw usageError(
    'ONE_SIDE',
    'There is nothing to compare: give two records or URLs, or one URL with --start-before and --start-after.',
  );
}

function wantedIn(operand: string): WantedSide {
  return /^https?:\/\//i.test(operand) ? { url: operand } : { record: operand };
}

function checked(wanted: Record<SideName, WantedSide>, flags: CompareFlags): Record<SideName, WantedSide> {
  for (const place of ['before', 'after'] as const) {
    const side = wanted[place];
    if ('record' in side && hasOwn(place, flags)) {
      throw usageError(
        'NOTHING_TO_START',
        `"${side.record}" is a record, for which nothing is started: remove --start-${place}, --cwd-${place} and --env-${place}.`,
      );
    }
  }
  return wanted;
}

/**
 * A record as a side. Throws a usage error for any other file, and an error with exit code 4 if nothing was
 * measured.
 */
export async function recordedSide(path: string, streams: Pick<Streams, 'stdin'>): Promise<Side> {
  const hunt = await readRecord(path, streams.stdin);
  return measuredSide({ name: path === '-' ? 'standard input' : path, hunts: [hunt] });
}

/**
 * A side in which every hunt measured at least one scenario. Throws an error with exit code 4 for any other.
 */
export function measuredSide(side: Side): Side {
  const empty = side.hunts.find(hunt => scenariosOf(hunt).every(({ error }) => error));
  if (!empty) return side;
  const why = empty.error?.message ?? 'nothing was read';
  throw targetError('NOT_MEASURED', `"${side.name}" contains no measurement (${why}): hunt it again.`);
}

/** What to call a target that is hunted: the command that starts it, or its URL, without secrets. */
export function nameOfTarget({ url, start }: HuntOptions): string {
  return start ? hiddenIn('start', start.command, false) : redactUrl(parseUrl(url));
}

/** One side's name, and how it was measured or is going to be. */
export interface NamedSetup {
  name: string;
  setup: HuntSetup;
}

/** How a side was measured. */
export function setupOfSide({ name, hunts }: Side): NamedSetup {
  return { name, setup: setupOf(hunts[0]!) };
}

/** What was measured differently. Throws a usage error that names it all, unless it was `forced`. */
export function comparable(before: NamedSetup, after: NamedSetup, forced = false): string[] {
  const alike = before.name === after.name;
  const names: [string, string] = alike ? ['Before', 'after'] : [`"${before.name}"`, `"${after.name}"`];
  const differences = differencesOf(before.setup, after.setup, names);
  const none = !before.setup.scenarios.some(each => after.setup.scenarios.includes(each));
  if (differences.length === 0 || (forced && !none)) return differences;
  const refusal = [
    'The two sides were measured differently.',
    ...differences,
    ...(none ? [] : ['Or compare them anyway with --force.']),
  ];
  throw usageError('NOT_COMPARABLE', refusal.join('\n'));
}
