import { decimalIn } from '../amounts.js';
import { usageError } from '../errors.js';
import { type ResourceName, resourceNames, resources } from '../probes/resources.js';
import { bytesIn } from '../units.js';

/** The growth per upload that is called flat, in each resource's own unit. */
export type Margins = Record<ResourceName, number>;

/**
 * 256 B is one small object with its holder; 0.5 an object in two uploads; 0.05 one descriptor in twenty
 * uploads; 4 KiB one block, the least by which a file can grow. The kernel counts memory in pages of 4 KiB too,
 * but that is the resolution of a reading: over 2,000 uploads a growth of 2 B each can be told from none.
 */
export const defaultMargins: Margins = {
  heap: 256,
  'heap-objects': 0.5,
  'array-buffers': 256,
  external: 256,
  'direct-buffers': 256,
  goroutines: 0.05,
  threads: 0.05,
  'active-handles': 0.05,
  'open-files': 0.05,
  sockets: 0.05,
  'temp-files': 0.05,
  disk: 4096,
  stack: 256,
  anon: 256,
  shmem: 256,
  rss: 256,
};

/**
 * The growth below which process memory is called flat, where no margin was asked for. An allocator gives pages and
 * arenas back when it pleases, so that flatness cannot be shown as finely as growth. Twice the margin: of a leak
 * that large, half of the interval lies above it.
 */
export const defaultTolerances: Partial<Margins> = { anon: 512, shmem: 512, rss: 512 };

/** What is never called flat where a tolerance applies: the least chunk of glibc's malloc, lost with each upload. */
export const leastChunk = 32;

/** The tolerances of what the user has set no margin for: theirs are margin and tolerance in one. */
export function tolerancesBeside(margins: Partial<Margins> = {}): Partial<Margins> {
  const names = Object.keys(defaultTolerances) as ResourceName[];
  return Object.fromEntries(
    names.filter(name => margins[name] === undefined).map(name => [name, defaultTolerances[name]]),
  );
}

/** The margins that `--max-growth` asks for: `256B` is for every resource in bytes, `goroutines=0.1` for one. */
export function marginsOf(settings: string[]): Partial<Margins> {
  const margins: Partial<Margins> = {};
  for (const setting of settings) {
    const [, name, amount] = /^(?:([^=]*)=)?(.*)$/s.exec(setting)!;
    if (name === undefined) {
      const bytes = positive(parseAmount(amount!, 'bytes', setting), setting);
      for (const each of resourceNames) if (resources[each].unit === 'bytes') margins[each] = bytes;
      continue;
    }
    if (!Object.hasOwn(resources, name)) {
      const known = resourceNames.join(', ');
      throw usageError('BAD_MARGIN', `--max-growth "${setting}" names no resource: use one of ${known}.`);
    }
    const resource = name as ResourceName;
    margins[resource] = positive(parseAmount(amount!, resources[resource].unit, setting), setting);
  }
  return margins;
}

function parseAmount(amount: string, unit: 'bytes' | 'count', setting: string): number {
  if (unit === 'count') return decimalIn(amount) ?? Number.NaN;
  if (/^\s*[\d.]+\s*$/.test(amount)) {
    throw usageError(
      'BAD_MARGIN',
      `--max-growth "${setting}" has no unit: write ${amount.trim()}B for bytes per upload.`,
    );
  }
  return bytesIn(amount) ?? Number.NaN;
}

function positive(amount: number, setting: string): number {
  if (amount > 0 && Number.isFinite(amount)) return amount;
  throw usageError(
    'BAD_MARGIN',
    `--max-growth "${setting}" is not an amount above zero: write it as in 256B, heap=1KiB or goroutines=0.05.`,
  );
}
