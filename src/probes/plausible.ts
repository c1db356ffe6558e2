import type { Sample, SourceName } from './probe.js';

/** Above it, whole numbers are no longer exact, and nobody has so many bytes. */
const most = Number.MAX_SAFE_INTEGER;

/** An amount that no process can have of anything, under the source's name for it. */
export interface Implausible {
  name: string;
  value: number;
}

type SampleAmount = 'allocated' | 'peak' | 'committed' | 'collections' | 'limit' | 'counter';
const amounts: readonly SampleAmount[] = [
  'allocated',
  'peak',
  'committed',
  'collections',
  'limit',
  'counter',
];

/**
 * A sample without values that no process can have: less than zero, more than can be counted, or not a
 * number. This is the one place that checks the numbers of all probes: a source passes on what its target
 * said.
 */
export function plausible(sample: Sample): { sample: Sample; refused: Implausible[] } {
  const kept: Sample = { ...sample, values: { ...sample.values } };
  const refused: Implausible[] = [];
  const check = (holder: Record<string, unknown>, name: string) => {
    const value = holder[name];
    if (typeof value !== 'number' || (value >= 0 && value <= most)) return;
    refused.push({ name, value });
    delete holder[name];
  };
  for (const name of Object.keys(kept.values)) check(kept.values, name);
  for (const name of amounts) check(kept as Sample & Record<string, unknown>, name);
  return { sample: kept, refused };
}

/** The implausible amounts that were left out: the first of each source and name. */
export class RefusedAmounts {
  readonly #refused = new Map<string, { source: SourceName; name: string; value: number }>();

  get isEmpty(): boolean {
    return this.#refused.size === 0;
  }

  /** The amounts that were left out, a sentence for each source. */
  get sentences(): string[] {
    const sources = new Set([...this.#refused.values()].map(({ source }) => source));
    return [...sources].map(source => {
      const own = [...this.#refused.values()].filter(each => each.source === source);
      const values = own.map(({ name, value }) => `${name} as ${inWords(value)}`);
      return `The ${source} probe reported ${values.join(', ')}, which is impossible for a process: these values were ignored.`;
    });
  }

  add(source: SourceName, { name, value }: Implausible): void {
    const key = `${source} ${name}`;
    if (!this.#refused.has(key)) this.#refused.set(key, { source, name, value });
  }
}

function inWords(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  return Number.isFinite(value) ? String(value) : 'infinity';
}
