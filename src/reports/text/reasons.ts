import type { ResourceRecord } from '../../record/record.js';
import { formatRange, formatSeconds, formatValue, formatWhole } from '../../units.js';
import { neverChanged, neverChangedInWords, uploadsSeen } from './movement.js';

/** Why a verdict is what it is: in a few words for a narrow column, and in full. */
export interface Why {
  short: string;
  long: string;
}

const both = (words: string): Why => ({ short: words, long: words });

export function whyOf(resource: ResourceRecord): Why {
  return reasons[resource.reason](resource);
}

const reasons: Record<ResourceRecord['reason'], (resource: ResourceRecord) => Why> = {
  growing: () => ({ short: 'keeps growing', long: 'grows with the uploads' }),
  'whole-number': ({ unit, perUpload }) => {
    const each = formatValue(Math.round(perUpload.estimate), unit).replace(/\.0+$/, '');
    return { short: `exactly ${each} each`, long: `exactly ${each} per upload` };
  },
  constant: resource => (neverChanged(resource) ? both(neverChangedInWords(resource)) : boundOf(resource)),
  'within-margin': boundOf,
  filled: filledOf,
  falling: () => both('falls'),
  'too-few-rounds': () => both('too few rounds'),
  'too-noisy': () => ({ short: 'too noisy', long: 'too noisy to tell' }),
  'still-filling': fillingOf,
  'may-be-filling': () => ({
    short: 'may be a cache',
    long: 'grows; a cache that fills looks the same so far',
  }),
  'one-step': () => ({
    short: 'one step up',
    long: 'rose in a step, too late to know whether it was the last',
  }),
  'rises-late': () => both('rises in its last third'),
  sawtooth: () => both('rises and falls'),
  'near-margin': nearOf,
  'grows-when-idle': () => ({
    short: 'grows when idle',
    long: 'grows without uploads too, and what the uploads add cannot be told from it',
  }),
  native: () => ({ short: 'native memory', long: 'grows beside what is collected, as native memory does' }),
  'not-collected': () => ({
    short: 'maybe garbage',
    long: 'may be garbage that has not been collected yet',
  }),
  'partly-read': () => ({
    short: 'partly read',
    long: 'was read of some of the processes only: what the others keep is not known',
  }),
  drains: ({ rest, unit }) => {
    if (!rest) return { short: 'drains', long: 'drains by itself after the last upload' };
    const { seconds, before, after } = rest;
    const left = `from ${formatValue(before, unit)} to ${formatValue(after, unit)}`;
    return { short: 'drains', long: `drains: ${left} within ${formatSeconds(seconds)} of the last upload` };
  },
  backlog: () => ({
    short: 'backlog',
    long: 'uploads still in hand: the target works slower than it is fed',
  }),
  'probe-lost': () => ({ short: 'probe lost', long: 'its probe stopped answering' }),
};

/** What was shown about a flat resource; growth that is surely there is shown as well as its bound. */
function boundOf({ perUpload, unit, margin }: ResourceRecord): Why {
  const { low, high } = perUpload;
  if (high <= 0) return both('did not grow');
  const most = boundInWords(high, unit);
  const short = `below ${most}`;
  if (!isNearMargin({ perUpload, margin })) return { short, long: `less than ${most}` };
  const range = formatRange(low, high, unit);
  return { short, long: `${range}: more than nothing, less than the ${formatValue(margin, unit)} of a leak` };
}

/** A bound above zero is not called zero because it is small. */
export function boundInWords(most: number, unit: ResourceRecord['unit']): string {
  const text = formatValue(most, unit);
  if (!/^0( B)?$/.test(text)) return text;
  return unit === 'bytes' ? '0.1 B' : '0.0001';
}

/** Whether growth is surely there, and too large to be passed over as flat. */
export function isNearMargin({ perUpload, margin }: Pick<ResourceRecord, 'perUpload' | 'margin'>): boolean {
  return perUpload.low > margin / 2;
}

/** A fitted cache that ends beyond the last reading was not seen to fill up: only its slowing down was. */
function filledOf(resource: ResourceRecord): Why {
  const { plateau, unit, perUpload } = resource;
  const most = boundInWords(perUpload.high, unit);
  const since = perUpload.high <= 0 ? 'not at all' : `by less than ${most} per upload`;
  if (!plateau) return { short: 'rose at first', long: `rose at first, since then ${since}` };
  if (!(plateau.uploads <= uploadsSeen(resource))) {
    return { short: 'ever slower', long: `grew ever more slowly, in the end ${since}` };
  }
  const rise = `about ${formatValue(plateau.rise, unit)} in the first ${formatWhole(plateau.uploads)} uploads`;
  return { short: 'filled up', long: `filled up: rose by ${rise}, since then ${since}` };
}

/** A guess of when a cache will be full is shown up to this multiple of the uploads so far. */
const farthest = 10;

function fillingOf(resource: ResourceRecord): Why {
  const seen = uploadsSeen(resource);
  const full = resource.plateau?.uploads ?? Number.NaN;
  const long = 'still fills, ever more slowly';
  if (!(full > seen && full <= farthest * seen)) return { short: 'still fills', long };
  const beyond = full > 2 * seen ? 'far beyond' : 'beyond';
  const guess = `at this pace full after about ${formatWhole(full)} uploads, ${beyond} the ${formatWhole(seen)} seen`;
  return { short: 'still fills', long: `${long}; ${guess}` };
}

/** Growth that is surely there, and may be large enough to be a leak. */
function nearOf({ perUpload, unit, margin }: ResourceRecord): Why {
  const range = formatRange(perUpload.low, perUpload.high, unit);
  const least = formatValue(margin, unit);
  const some =
    perUpload.low > 0 ? `grows by ${range} per upload: more than nothing, ` : `${range} per upload: `;
  return { short: 'near the margin', long: `${some}about the ${least} that are called a leak` };
}
