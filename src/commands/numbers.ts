import { usageError } from '../errors.js';

/** A whole number in plain digits. */
export function numberOf(flag: string): (text: string) => number {
  return text => {
    if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
    throw usageError(
      'BAD_NUMBER',
      `${flag} "${text}" is not a whole number: write it in digits, as in ${flag} 100.`,
    );
  };
}

/** Seconds, whole or not. */
export function secondsOf(flag: string): (text: string) => number {
  return text => {
    if (/^\d+(\.\d+)?s?$/.test(text)) return Number(text.replace('s', ''));
    throw usageError(
      'BAD_NUMBER',
      `${flag} "${text}" is not a number of seconds: write it as in ${flag} 30.`,
    );
  };
}

const secondsIn: Record<string, number> = { s: 1, min: 60, h: 3600 };

/** Uploads per second, of `50/s`, `300/min` or `1000/h`. */
export function rateOf(flag: string): (text: string) => number {
  return text => {
    const [, uploads, unit] = /^(\d+(?:\.\d+)?)\/(s|min|h)$/.exec(text.trim()) ?? [];
    if (uploads !== undefined && Number(uploads) > 0) return Number(uploads) / secondsIn[unit!]!;
    throw usageError(
      'BAD_NUMBER',
      `${flag} "${text}" is not a rate: write it as in ${flag} 50/s or 300/min.`,
    );
  };
}

/** A share from 0 to 1, also in per cent. */
export function shareOf(flag: string): (text: string) => number {
  return text => {
    const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
    const share = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
    if (share >= 0 && share <= 1) return share;
    throw usageError('BAD_NUMBER', `${flag} "${text}" is not a share: write it as 5% or 0.05.`);
  };
}
