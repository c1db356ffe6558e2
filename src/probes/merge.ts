import type { Probe, Sample, SourceName } from './probe.js';
import type { Reading, Values } from './reading.js';
import { fileResources, heap, resourceNames } from './resource-questions.js';
import type { ResourceName } from './resources.js';

/** Makes one reading of the samples of all probes, and remembers which source each amount is read from. */
export class SampleMerger {
  /** The source that each resource is read from: the first that knows it. */
  readonly sourceOf = new Map<ResourceName, SourceName>();
  /** The source that counts allocations, and the one that knows the high-water mark. */
  allocatedFrom?: SourceName;
  peakFrom?: SourceName;
  /** How many probes each resource is summed over. */
  #replicasOf = new Map<ResourceName, number>();

  /** Each resource from the first source that knows it; the replicas of that source are added up. */
  merge(samples: [Probe, Sample][]): Values {
    const merged: Values = { values: {} };
    for (const name of resourceNames) {
      const known = samples.filter(([, { values }]) => values[name] !== undefined);
      const source = this.sourceOf.get(name) ?? known[0]?.[0].source;
      if (source === undefined) continue;
      const parts = known.filter(([probe]) => probe.source === source);
      const whole = this.#replicasOf.get(name) ?? parts.length;
      this.sourceOf.set(name, source);
      this.#replicasOf.set(name, whole);
      // A sum without one of the replicas would look like a fall.
      if (parts.length < whole) continue;
      merged.values[name] = parts.reduce((sum, [, { values }]) => sum + values[name]!, 0);
      if (whole > 1)
        for (const [{ endpoint }, { values }] of parts) addReplica(merged, endpoint, name, values[name]!);
    }
    this.allocatedFrom ??= samples.find(([, { allocated }]) => allocated !== undefined)?.[0].source;
    this.peakFrom ??= samples.find(([, { peak }]) => peak !== undefined)?.[0].source;
    merged.allocated = sumOf(samples, this.allocatedFrom, sample => sample.allocated);
    merged.peak = sumOf(samples, this.peakFrom, sample => sample.peak);
    merged.committed = sumOf(samples, this.sourceOf.get(heap), sample => sample.committed);
    merged.collections = samples.find(([, { collections }]) => collections !== undefined)?.[1].collections;
    return merged;
  }

  /** Who owns a file may be known only later: then readings that were taken before are corrected. */
  revise(number: number, reading: Reading, probes: readonly Probe[]): void {
    const revising = probes.filter(({ revised }) => revised);
    for (const name of fileResources) {
      const source = this.sourceOf.get(name);
      const parts = revising.filter(probe => probe.source === source);
      if (parts.length === 0 || parts.length < (this.#replicasOf.get(name) ?? 0)) continue;
      const values = parts.map(probe => probe.revised!(number)[name]);
      const known = values.filter(value => value !== undefined);
      if (known.length < values.length) delete reading.values[name];
      else reading.values[name] = known.reduce((sum, value) => sum + value, 0);
      for (const [i, { endpoint }] of parts.entries()) {
        const part = reading.replicas?.[endpoint];
        if (part && values[i] !== undefined) part[name] = values[i];
      }
    }
  }
}

function addReplica(merged: Values, endpoint: string, name: ResourceName, value: number): void {
  merged.replicas ??= {};
  merged.replicas[endpoint] = { ...merged.replicas[endpoint], [name]: value };
}

function sumOf(
  samples: [Probe, Sample][],
  source: SourceName | undefined,
  of: (sample: Sample) => number | undefined,
): number | undefined {
  const parts = samples.flatMap(([probe, sample]) => (probe.source === source ? (of(sample) ?? []) : []));
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
}
