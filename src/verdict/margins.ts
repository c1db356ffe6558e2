import { decimalIn } from '../amounts.js';
import { usageError } from '../errors.js';
import { resourceNames } from '../probes/resource-questions.js';
import { type ResourceName, resources } from '../probes/resources.js';
import { bytesIn } from '../units.js';

/** The growth per upload that is called flat, in each resource's own unit. */
export type Margins = Record<ResourceName, number>;

/** What is called flat by default. */
export const defaultMargins = Object.fromEntries(
  resourceNames.map(name => [name, resources[name].margin]),
) as Margins;

/**
 * Growth that is never called flat where a tolerance applies: the least chunk of glibc's malloc, lost with
 * each upload.
 */
export const leastChunk = 32;

/**
 * The tolerances of resources without a margin by the user: a user's margin is margin and tolerance in one.
 */
export function tolerancesBeside(margins: Partial<Margins> = {}): Partial<Margins> {
  const names = resourceNames.filter(name => resources[name].tolerance !== undefined);
  return Object.fromEntries(
    names.filter(name => margins[name] === undefined).map(name => [name, resources[name].tolerance]),
  );
}

/** The margins that `--max-growth` sets: `256B` for every resource in bytes, `goroutines=0.1` for one. */
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
      throw usageError(
        'BAD_MARGIN',
        `--max-growth "${setting}" does not name a resource: use one of ${known}.`,
      );
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
    `--max-growth "${setting}" is not an amount above zero: write, for example, 256B, heap=1KiB or goroutines=0.05.`,
  );
}
