import { usageError } from '../errors.js';
import { type ResourceName, resourceNames, resources } from '../probes/resources.js';
import { bytesIn } from '../units.js';

/** The growth per upload that is called flat, in each resource's own unit. */
export type Margins = Record<ResourceName, number>;

/**
 * 256 B is one small object with its holder; 0.5 an object in two uploads; 0.05 one descriptor in twenty
 * uploads; 4 KiB one page, the least by which resident memory can grow.
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
  anon: 4096,
  shmem: 4096,
  rss: 4096,
};

/** The margins that `--max-growth` asks for: `256B` is for every resource in bytes, `goroutines=0.1` for one. */
export function marginsOf(settings: string[]): Margins {
  const margins = { ...defaultMargins };
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
  if (unit === 'count') return amount.trim() === '' ? Number.NaN : Number(amount);
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
