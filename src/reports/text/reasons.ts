import type { ResourceRecord } from '../../record/record.js';
import { formatRange, formatSeconds, formatValue, formatWhole } from '../../units.js';
import { neverChanged, unchangedInWords, uploadsSeen } from './movement.js';

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
  growing: () => ({ short: 'keeps growing', long: 'grows with the number of uploads' }),
  'whole-number': ({ unit, perUpload }) => {
    const each = formatValue(Math.round(perUpload.estimate), unit).replace(/\.0+$/, '');
    return { short: `exactly ${each}/upload`, long: `exactly ${each} per upload` };
  },
  constant: resource => (neverChanged(resource) ? both(unchangedInWords(resource)) : boundOf(resource)),
  'within-margin': boundOf,
  filled: filledOf,
  falling: () => both('shrinks'),
  'too-few-rounds': () => both('too few rounds'),
  'too-noisy': () => ({ short: 'too noisy', long: 'too noisy to tell' }),
  'still-filling': fillingOf,
  'may-be-filling': () => ({
    short: 'may be a cache',
    long: 'grows, but a cache that is still filling would look the same so far',
  }),
  'one-step': () => ({
    short: 'single step',
    long: 'rose in a single step, too late in the run to tell whether it was the last',
  }),
  'rises-late': () => ({ short: 'rises late', long: 'rises in the last third of the run' }),
  sawtooth: () => both('rises and falls'),
  'near-margin': nearOf,
  'grows-when-idle': () => ({
    short: 'grows when idle',
    long: 'also grows without uploads; what the uploads add cannot be separated from that',
  }),
  native: () => ({
    short: 'native memory',
    long: 'grows outside what the garbage collector manages, as native memory does',
  }),
  'not-collected': () => ({
    short: 'may be garbage',
    long: 'may be garbage that has not been collected yet',
  }),
  'partly-read': () => ({
    short: 'partly read',
    long: 'was read from only some of the processes; what the others retain is unknown',
  }),
  drains: ({ rest, unit }) => {
    if (!rest) return { short: 'drains', long: 'drains on its own after the last upload' };
    const { seconds, before, after } = rest;
    const left = `from ${formatValue(before, unit)} to ${formatValue(after, unit)}`;
    return { short: 'drains', long: `drains: ${left} within ${formatSeconds(seconds)} of the last upload` };
  },
  backlog: () => ({
    short: 'backlog',
    long: 'the target was still busy when its rest ended, perhaps with these uploads',
  }),
  'probe-lost': () => ({ short: 'probe lost', long: 'its probe stopped answering' }),
};

/** What was shown about a flat resource; growth that is surely there is shown as well as its bound. */
function boundOf({ perUpload, unit, margin }: ResourceRecord): Why {
  const { low, high } = perUpload;
  if (high <= 0) return both('did not grow');
  const most = boundInWords(high, unit);
  const short = `grew < ${most}`;
  if (!isNearMargin({ perUpload, margin })) return { short, long: `grew by less than ${most} per upload` };
  const range = formatRange(low, high, unit);
  return {
    short,
    long: `grew by ${range} per upload: more than zero, less than the ${formatValue(margin, unit)} margin`,
  };
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
  const then = perUpload.high <= 0 ? 'not at all' : `by less than ${most} per upload`;
  if (!plateau) return { short: 'rose at first', long: `rose at first, then ${then}` };
  if (!(plateau.uploads <= uploadsSeen(resource))) {
    return { short: 'slowed down', long: `grew more and more slowly, in the end ${then}` };
  }
  const rise = `about ${formatValue(plateau.rise, unit)} in the first ${formatWhole(plateau.uploads)} uploads`;
  return { short: 'filled up', long: `filled up: rose by ${rise}, then ${then}` };
}

/** A guess of when a cache will be full is shown up to this multiple of the uploads so far. */
const farthest = 10;

function fillingOf(resource: ResourceRecord): Why {
  const seen = uploadsSeen(resource);
  const full = resource.plateau?.uploads ?? Number.NaN;
  const long = 'still filling, more and more slowly';
  if (!(full > seen && full <= farthest * seen)) return { short: 'still filling', long };
  const beyond = full > 2 * seen ? 'well beyond' : 'beyond';
  const guess = `at this rate full after about ${formatWhole(full)} uploads, ${beyond} the ${formatWhole(seen)} seen`;
  return { short: 'still filling', long: `${long}; ${guess}` };
}

/** Growth that is surely there, and may be large enough to be a leak. */
function nearOf({ perUpload, unit, margin }: ResourceRecord): Why {
  const range = formatRange(perUpload.low, perUpload.high, unit);
  const least = formatValue(margin, unit);
  const some = perUpload.low > 0 ? `grows by ${range} per upload: more than zero, ` : `${range} per upload: `;
  return { short: 'near the margin', long: `${some}close to the ${least} margin` };
}
