import { usageError } from './errors.js';
import { trimmedEnd } from './text.js';

export type Unit = 'bytes' | 'count';

const byteFactors: Record<string, number> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes of one `KiB`, `MB` or `bytes`; undefined for another word. */
export function bytesPer(unit: string): number | undefined {
  const name = unit.toLowerCase();
  if (name === 'byte' || name === 'bytes') return 1;
  return Object.hasOwn(byteFactors, name) ? byteFactors[name] : undefined;
}

/**
 * Bytes of `1.3MB`, `64KiB`, `4096`, or undefined; decimal and binary prefixes mean what IEC 80000-13 says.
 */
export function bytesIn(text: string): number | undefined {
  const match = /^([+-]?\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const factor = byteFactors[(match?.[2] || 'B').toLowerCase()];
  return match && factor !== undefined ? Math.round(Number(match[1]) * factor) : undefined;
}

/** The same where a size is required. Throws a usage error. */
export function parseBytes(text: string): number {
  const bytes = bytesIn(text);
  if (bytes !== undefined) return bytes;
  throw usageError('BAD_SIZE', `"${text}" is not a size: give a number and a unit, e.g. 1.3MB or 64KiB.`);
}

const binarySteps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `4.1 KiB`, `-12 B`: three significant digits, binary prefixes. */
export function formatBytes(bytes: number): string {
  const step = stepOf(bytes);
  return `${inStep(bytes, step)} ${binarySteps[step]}`;
}

/** `607 to 834 B`, `-35.7 to 14.5 KiB`, `0.93 to 1.08`: both ends in the unit of the larger. */
export function formatRange(low: number, high: number, unit: Unit): string {
  if (unit === 'count') return `${formatCount(low)} to ${formatCount(high)}`;
  const step = Math.max(stepOf(low), stepOf(high));
  return `${inStep(low, step)} to ${inStep(high, step)} ${binarySteps[step]}`;
}

function stepOf(bytes: number): number {
  let step = 0;
  while (Math.abs(bytes) / 1024 ** step >= 999.5 && step < binarySteps.length - 1) step += 1;
  return step;
}

function inStep(bytes: number, step: number): string {
  const digits = threeDigits(Math.abs(bytes) / 1024 ** step, step === 0);
  return `${bytes < 0 && digits !== '0' ? '-' : ''}${digits}`;
}

/** `1.00`, `105`, `0.0031`, `12,400`: a count or a count per upload. */
export function formatCount(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e15) return value.toExponential(2);
  if (size >= 99.95) return Math.round(value).toLocaleString('en-US');
  if (size >= 9.995) return value.toFixed(1);
  if (size >= 0.095) return value.toFixed(2);
  return size < 0.00005 ? '0' : trimmedEnd(value.toFixed(4), '0');
}

/** `20`, `12,400`: a number of things that were counted. */
export function formatWhole(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** A value with its unit; a count stands alone, because its resource's name says what is counted. */
export function formatValue(value: number, unit: Unit): string {
  return unit === 'bytes' ? formatBytes(value) : formatCount(value);
}

/** A resource's value at one moment: as `formatValue`, but whole counts without decimals. */
export function formatReading(value: number, unit: Unit): string {
  return unit === 'count' && Number.isInteger(value) ? formatWhole(value) : formatValue(value, unit);
}

/** `850 ms`, `12.4 s`, `3 min 20 s`, `9.6 hours`, `12 days`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} hours`;
  return `${(seconds / 86_400).toFixed(seconds < 10 * 86_400 ? 1 : 0)} days`;
}

function threeDigits(value: number, whole: boolean): string {
  if (value >= 99.95 || value === 0) return value.toFixed(0);
  if (value >= 9.995) return whole && Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
  if (whole && Number.isInteger(value)) return value.toFixed(0);
  if (Number.isNaN(value)) return 'NaN';
  return value >= 0.095 ? value.toFixed(whole ? 1 : 2) : '0';
}
