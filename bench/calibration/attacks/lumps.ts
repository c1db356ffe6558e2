import { defaultMargins } from '../../../src/verdict/margins.js';
import { bytes, type Family, perRound } from './making.js';

const kib = 1024;

/** Readings that come in lumps. */
export const lumps: Record<string, Family> = {
  'lumps of 64 KiB': lumpsOf(64 * kib),
  'lumps of 256 KiB': lumpsOf(256 * kib),
  'lumps of 1 MiB': lumpsOf(1024 * kib),
  'lumps of 1 MiB, never given back': {
    ...lumpsOf(1024 * kib),
    read: (_, values) => {
      let most = 0;
      return floored(values, 1024 * kib).map(value => {
        most = Math.max(most, value);
        return most;
      });
    },
  },
};

function lumpsOf(lump: number): Family {
  return {
    ...bytes,
    read: (_, values) => floored(values, lump),
    // By then the first lump has come.
    knowableFrom: leak => lump / (leak * defaultMargins.heap * perRound),
  };
}

function floored(values: readonly number[], lump: number): number[] {
  return values.map(value => Math.floor(value / lump) * lump);
}
