import type { RoundKind } from '../load/round.js';
import { resourceNames } from './resource-questions.js';
import { type ResourceName, resources } from './resources.js';

export type ResourceValues = Partial<Record<ResourceName, number>>;

/** The reading that a sample is part of; the reader counts from 0. */
export type Moment = Pick<Reading, 'kind' | 'uploads'> & { reading: number };

/** All resources at one moment, collected and settled. A resource that could not be read is absent. */
export interface Reading {
  kind: RoundKind;
  /** Uploads completed so far. */
  uploads: number;
  /** Seconds since the hunt began, at the end of the reading. */
  seconds: number;
  values: ResourceValues;
  /** Threads and descriptors before the collection; absent where nothing was collected. */
  pending?: ResourceValues;
  /** Of several probes of one source, the replicas of a target, each one's own values by its endpoint. */
  replicas?: Record<string, ResourceValues>;
  /** Bytes allocated since the target's start; absent where no probe counts them. */
  allocated?: number;
  /** The most bytes the target ever had. */
  peak?: number;
  /** Bytes that its runtime holds for the heap, in use or not; absent if the heap's source does not know. */
  committed?: number | undefined;
  /** Collections of the whole heap since the target's start; absent where no probe counts them. */
  collections?: number | undefined;
}

/** What is read at one moment, before it is known what round it belongs to. */
export type Values = Omit<Reading, 'kind' | 'uploads' | 'seconds' | 'pending'>;

/**
 * V8 drops a little compiled code at every collection: a fall by less than this share does not mean that
 * memory is still being freed.
 */
const relativeTolerance = 0.001;

/** Whether a resource that a reading waits for is lower than before, by more than noise. */
export function isLower(next: Values, lowest: Values, name: ResourceName, tolerance: number): boolean {
  const [before, after] = [lowest.values[name], next.values[name]];
  // Memory that the system reclaims at its own pace is not waited for.
  return (
    !resources[name].reclaimed?.includes('system') &&
    before !== undefined &&
    after !== undefined &&
    after < before - Math.max(tolerance, relativeTolerance * before)
  );
}

/** The lower value of two moments for each resource: what is still being freed is not growth. */
export function lowerOf(a: Values, b: Values): Values {
  const endpoints = Object.keys(b.replicas ?? {});
  const replicas = endpoints.map(each => [each, lowest(a.replicas?.[each], b.replicas![each]!)] as const);
  return {
    ...b,
    values: lowest(a.values, b.values),
    ...(endpoints.length > 0 ? { replicas: Object.fromEntries(replicas) } : {}),
  };
}

function lowest(a: ResourceValues = {}, b: ResourceValues): ResourceValues {
  const values = { ...a };
  for (const name of resourceNames) {
    const value = b[name];
    if (value !== undefined) values[name] = Math.min(values[name] ?? value, value);
  }
  return values;
}
