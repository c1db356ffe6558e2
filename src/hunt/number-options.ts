import { availableParallelism } from 'node:os';
import { usageError } from '../errors.js';

/** An optional setting of the pace. */
export function paced(flag: string, value: number | undefined): number | undefined {
  if (value === undefined || (value > 0 && Number.isFinite(value))) return value;
  throw usageError('BAD_NUMBER', `${flag} ${value} is out of range: give a number above 0.`);
}

export function whole(flag: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = `a whole number from ${least} to ${most.toLocaleString('en-US')}`;
  throw usageError('BAD_NUMBER', `${flag} ${value} is out of range: give ${range}.`);
}

export function positive(flag: string, value: number, unit = 'seconds'): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw usageError('BAD_NUMBER', `${flag} ${value} is out of range: give a number of ${unit} above 0.`);
}

export function threads(): number {
  return Math.max(1, availableParallelism() - 1);
}
