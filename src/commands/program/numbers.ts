import { perSecondIn, secondsIn, shareIn, wholeIn } from '../../amounts.js';
import { usageError } from '../../errors.js';

/** The value of a flag, parsed by `read`; throws a usage error that says what is wanted if that fails. */
function flagOf<Value>(
  read: (text: string) => Value | undefined,
  what: string,
  as: (flag: string) => string,
) {
  return (flag: string) =>
    (text: string): Value => {
      const value = read(text);
      if (value !== undefined) return value;
      throw usageError('BAD_NUMBER', `${flag} "${text}" is not ${what}: write, for example, ${as(flag)}.`);
    };
}

/** A whole number in plain digits. */
export const numberOf = flagOf(wholeIn, 'a whole number', flag => `${flag} 100`);

/** Seconds, whole or not. */
export const secondsOf = flagOf(secondsIn, 'a number of seconds', flag => `${flag} 30`);

/** Uploads per second. */
export const rateOf = flagOf(perSecondIn, 'a rate', flag => `${flag} 50/s, 300/min or 10000/day`);

/** A share from 0 to 1, also in per cent. */
export const shareOf = flagOf(shareIn, 'a share', () => '5% or 0.05');
