import { formatReading, type Unit } from '../src/units.js';

const binarySteps = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const digits = [1, 2, 5];

/** The binary prefix that an axis with this highest value is labelled in: 0 for B, 1 for KiB. */
function stepOf(most: number): number {
  return most < 1024 ? 0 : Math.min(binarySteps.length - 1, Math.floor(Math.log2(most) / 10));
}

/** Distances between ticks that are round in the axis's unit; at least one of what is counted. */
export function incrementsOf(unit: Unit, most: number): number[] {
  const step = unit === 'bytes' ? stepOf(most) : 0;
  const powers = Array.from({ length: 17 }, (_, i) => i - (step === 0 ? 0 : 4));
  return powers.flatMap(power => digits.map(digit => digit * 10 ** power * 1024 ** step));
}

/** All ticks of an axis in one unit, with as many decimals as tell them apart. */
export function ticksOf(values: number[], unit: Unit, most: number): string[] {
  if (unit === 'count') return values.map(value => formatReading(value, unit));
  const step = stepOf(most);
  const apart = Math.abs((values[1] ?? 0) - (values[0] ?? 0)) / 1024 ** step;
  const decimals = apart > 0 && apart < 1 ? Math.min(4, Math.ceil(-Math.log10(apart) - 1e-6)) : 0;
  return values.map(value => `${(value / 1024 ** step).toFixed(decimals)} ${binarySteps[step]}`);
}
