import type { Parameters } from 'fast-check';

/** Minutes that all of it takes: `FUZZ_MINUTES=2 npm run fuzz`. */
const minutes = Number(process.env.FUZZ_MINUTES ?? 60);
/** What a failure prints, to have it again: `FUZZ_SEED=... npm run fuzz`. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

/** A single text or answer that takes longer than this (ms) is a hang, whatever the machine does meanwhile. */
export const hang = 10_000;

/** Fast-check's parameters for a part of the time; a failure tells the seed and the path to it. */
export function forShare<Ts>(share: number): Parameters<Ts> {
  return {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: minutes * 60_000 * share,
    markInterruptAsFailure: false,
    endOnFailure: false,
  };
}

/** A test of it may take so long, in ms. */
export function limitOf(share: number): number {
  return minutes * 60_000 * share + 120_000;
}

console.log(`fuzzing for ${minutes} min, seed ${seed}`);
