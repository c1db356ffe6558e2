import type { Frame, Profile, ProfileRow } from '../frame.js';
import { badProfile } from './bad-profile.js';
import { type CallFrame, frameOf, placeOf } from './frame.js';
import { type AllocationSample, defaultInterval, variancesOf } from './sampling-error.js';

interface Node {
  callFrame?: CallFrame;
  selfSize?: unknown;
  id?: unknown;
  children?: unknown;
}

/** `HeapProfiler.SamplingHeapProfile` of the Chrome DevTools Protocol, and the interval it was asked for. */
interface SamplingProfile {
  head: Node;
  samples?: unknown;
  samplingInterval?: unknown;
}

/** A function on the way from the root of the tree. */
interface Call {
  frame: Frame;
  place: string;
  caller?: Call | undefined;
}

/** How many frames nearest to the leaf a stack keeps; V8 records 128. */
const deepest = 64;
/** V8 keeps a node only while a sample is alive in it or below. */
const mostNodes = 500_000;

/**
 * The live bytes of V8's heap by the stack that allocated them since the profiler was started, from
 * `HeapProfiler.getSamplingProfile`. A frame's line is where its function begins. The bytes of Buffers are
 * not on that heap. V8 has already scaled each node's `selfSize`. Throws `BAD_PROFILE`.
 */
export function v8Sampling(bytes: Uint8Array): Profile[] {
  const { head, samples, samplingInterval } = parse(bytes);
  const interval = isAmount(samplingInterval) ? samplingInterval : defaultInterval;
  const variances = variancesOf(Array.isArray(samples) ? (samples as AllocationSample[]) : [], interval);
  const rows = new Map<string, ProfileRow>();
  const open: { node: Node; caller?: Call }[] = [{ node: head }];
  for (let nodes = 0; open.length > 0; nodes += 1) {
    if (nodes === mostNodes) throw bad(`it has more than ${mostNodes} nodes`);
    const { node, caller } = open.pop()!;
    const call = { frame: frameOf(node.callFrame), place: placeOf(node.callFrame), caller };
    if (isAmount(node.selfSize)) add(rows, call, node.selfSize, variances.get(node.id as number) ?? 0);
    if (!Array.isArray(node.children)) continue;
    // The root is not a function: what it calls has no caller.
    for (const child of node.children) {
      if (isObject(child)) open.push(node === head ? { node: child } : { node: child, caller: call });
    }
  }
  return [{ resource: 'heap', kind: 'call-site', rows: [...rows.values()] }];
}

function add(rows: Map<string, ProfileRow>, leaf: Call, value: number, variance: number): void {
  const stack: Frame[] = [];
  const places: string[] = [];
  for (let call: Call | undefined = leaf; call && stack.length < deepest; call = call.caller) {
    stack.push(call.frame);
    places.push(call.place);
  }
  const key = places.join(' ');
  const row = rows.get(key);
  if (row) {
    row.value += value;
    row.variance! += variance;
  } else {
    rows.set(key, { key, stack, value, variance });
  }
}

function parse(bytes: Uint8Array): SamplingProfile {
  let profile: unknown;
  try {
    profile = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw bad('it is not JSON', error);
  }
  if (!isObject(profile) || !('head' in profile) || !isObject(profile.head)) throw bad('it has no head');
  return profile as SamplingProfile;
}

function isObject(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function bad(why: string, cause?: unknown): Error {
  return badProfile('sampling heap profile', why, cause);
}
