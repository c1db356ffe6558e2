import { bytes, type Family } from './making.js';

const kib = 1024;

/** Readings that come in lumps. */
export const lumps: Record<string, Family> = {
  'lumps of 64 KiB': { ...bytes, read: (_, values) => floored(values, 64 * kib) },
  'lumps of 256 KiB': { ...bytes, read: (_, values) => floored(values, 256 * kib) },
  'lumps of 1 MiB': { ...bytes, read: (_, values) => floored(values, 1024 * kib) },
  'lumps of 1 MiB, never given back': {
    ...bytes,
    read: (_, values) => {
      let most = 0;
      return floored(values, 1024 * kib).map(value => (most = Math.max(most, value)));
    },
  },
};

function floored(values: readonly number[], lump: number): number[] {
  return values.map(value => Math.floor(value / lump) * lump);
}
