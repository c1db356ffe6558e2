/**
 * Amounts as people write them, for flags, the addresses of probes and scenarios alike. Each function returns
 * undefined for text that is no such amount, so that the caller can say what was wanted.
 */

/** A number in plain digits, with or without a sign and decimals. */
export function decimalIn(text: string): number | undefined {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

/** A whole number in plain digits. */
export function wholeIn(text: string): number | undefined {
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const secondsPer: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
};

/** The seconds in `30`, `30s`, `500ms`, `1.5min` or `2h`. */
export function secondsIn(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|)$/.exec(text.trim()) ?? [];
  return amount === undefined ? undefined : inUnits(Number(amount), secondsPer[unit || 's']!);
}

/** The events per second in `50/s`, `300/min`, `1000/h` or `10000/day`; undefined for zero. */
export function perSecondIn(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*\/\s*([a-z]+)$/.exec(text.trim()) ?? [];
  if (amount === undefined || unit === 'ms' || !Object.hasOwn(secondsPer, unit!)) return undefined;
  return Number(amount) > 0 ? Number(amount) / secondsPer[unit!]! : undefined;
}

/** The per cent in `50%` or `12.5%`, from 0 to 100. */
export function percentIn(text: string): number | undefined {
  const [, amount] = /^(\d{1,3}(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  return amount !== undefined && Number(amount) <= 100 ? Number(amount) : undefined;
}

/** The share in `5%` or `0.05`, from 0 to 1. */
export function shareIn(text: string): number | undefined {
  const percent = percentIn(text);
  if (percent !== undefined) return percent / 100;
  const share = /^\d/.test(text.trim()) ? decimalIn(text) : undefined;
  return share !== undefined && share <= 1 ? share : undefined;
}

/** A process's id. */
export function processIdIn(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** A factor below 1 would leave 0.07 of 70 ms with a tail of digits. */
function inUnits(amount: number, factor: number): number {
  return factor < 1 ? amount / Math.round(1 / factor) : amount * factor;
}
