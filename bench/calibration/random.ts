/** Seeded random numbers: the same seed gives the same calibration on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  normal(): number;
}

export function seeded(seed: number): Random {
  let a = seed >>> 0;
  // Mulberry32 (Tommy Ettinger 2017).
  const uniform = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  // Box and Muller 1958.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

export function whole(random: Random, low: number, high: number): number {
  return Math.floor(between(random, low, high + 1));
}

/** Student's t with two degrees of freedom, by inverting its distribution: no variance. */
export function heavyTailed(random: Random): number {
  const p = Math.min(Math.max(random.uniform(), 1e-9), 1 - 1e-9);
  return (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
}

/** A seed for one cell that no other cell shares (FNV-1a). */
export function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
