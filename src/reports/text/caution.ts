import { isMemory } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import type { ResourceRecord, ScenarioRecord } from '../../record/record.js';
import { formatWhole } from '../../units.js';
import { looks } from '../../verdict/looks.js';
import { isCapped } from './advice.js';
import { nameInWords, shownCulprits } from './culprits.js';
import { uploadsSeen } from './movement.js';
import { isWhole, wholeNumber } from './wording.js';

/**
 * What no number of uploads rules out: a cache, ring or pool that is larger than all of them. Undefined if
 * nothing leaks, and if a count outside of memory, such as files, grows as well.
 */
export function cautionInWords(parts: readonly ScenarioRecord[]): string | undefined {
  const leaking = parts.filter(({ verdict, error }) => verdict === 'leak' && !error);
  const leaks = leaking.flatMap(part => part.resources.filter(({ verdict }) => verdict === 'leak'));
  if (leaks.length === 0 || !leaks.every(({ name }) => isMemory(name))) return undefined;
  const [part] = leaking;
  const uploads = Math.max(...leaks.map(uploadsSeen));
  const seen = formatWhole(uploads);
  return `Only memory grows, ${atWhatPace(leaks)}over ${seen} uploads so far; ${likeness(leaking)} would look the same. ${wayToTell(uploads, part!)}.`;
}

function atWhatPace(leaks: readonly ResourceRecord[]): string {
  const objects = leaks.find(each => resources[each.name].counts && isWhole(each));
  const each = objects && wholeNumber(objects.perUpload);
  return each === undefined ? '' : `by exactly ${each} ${each === 1 ? 'object' : 'objects'} per upload, `;
}

/** What grows may be named like a cache, or be one all the same. */
function likeness(parts: readonly ScenarioRecord[]): string {
  const names = parts.flatMap(part =>
    shownCulprits(part).flatMap(({ site, retainedBy = [] }) => [site.function, ...retainedBy.map(nameOnly)]),
  );
  // A thread of a pool is no pool.
  const named = names.find(name => !name.startsWith('thread "') && cacheLike.test(name));
  return named === undefined
    ? 'a cache with more entries'
    : `${nameInWords(named)} is named like a cache, and one that is not yet full`;
}

/** `ring (Array) in server.mjs` without the file. */
function nameOnly(holder: string): string {
  return holder.replace(/ in \S+$/, '');
}

const cacheLike = /[cC]ache|LRU|(?<![a-zA-Z])(?:lru|ring|pool)(?![a-z])|Lru|Ring(?![a-z])|Pool(?![a-z])/;

/** This many times as many uploads would reveal a cache of up to as many entries. */
const timesMore = 3;

function wayToTell(uploads: number, part: ScenarioRecord): string {
  const enough = niceAbove(timesMore * uploads);
  if (!Number.isFinite(enough)) return 'A larger --min-uploads would tell them apart';
  const { uploadsPerRound, warmUpRounds } = part.load;
  const most = (looks.at(-1)! + warmUpRounds) * uploadsPerRound;
  const flags = [
    `--min-uploads ${enough}`,
    ...(enough > most ? [`-n ${niceAbove(enough / looks.at(-1)!)}`] : []),
    ...(isCapped(part) ? ['--rounds auto'] : []),
  ];
  return `${flags.join(' ')} would reveal a cache of up to ${formatWhole(enough)} entries`;
}

/** 1, 2 or 5, followed by zeros. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(digit => digit * power).find(each => each >= value) ?? Number.NaN;
}
