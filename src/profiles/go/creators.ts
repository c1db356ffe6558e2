import type { Frame } from '../frame.js';
import { goroutinesOf } from './goroutine-dump.js';

/** Where the goroutines at one stack come from. */
export interface Creator {
  /** How many goroutines of the dump have the stack. */
  count: number;
  /** What most of them wait for. */
  state: string;
  /** The `go` statement that started most of them. */
  createdBy?: Frame;
  /**
   * The stacks of the chain of goroutines that started them, the nearest first; empty unless Go was told to
   * keep them.
   */
  ancestors: readonly Frame[][];
}

/**
 * A dump leaves out the middle of deep stacks, a profile their roots; this many frames at the leaf are in
 * both.
 */
const sure = 40;

interface Group {
  count: number;
  states: Map<string, { state: string; count: number }>;
  creators: Map<string, Omit<Creator, 'state'>>;
}

/**
 * Finds out who started the goroutines of a dump (`goroutine?debug=2`): returns a function from a stack of
 * `goroutine?debug=1` to the answer. The two leave out different frames of the runtime, so only other frames
 * are compared. A stack that the dump lacks (its goroutines ended in between) has no answer.
 */
export function creatorsOf(dump: string | Uint8Array): (stack: readonly Frame[]) => Creator | undefined {
  const groups = new Map<string, Group>();
  for (const { stack, state, createdBy, ancestors } of goroutinesOf(dump)) {
    const group = entry(groups, keyOf(stack), () => ({ count: 0, states: new Map(), creators: new Map() }));
    group.count += 1;
    entry(group.states, state, () => ({ state, count: 0 })).count += 1;
    const creator = keyOf(createdBy ? [createdBy] : []);
    entry(group.creators, creator, () => ({ count: 0, createdBy, ancestors })).count += 1;
  }
  return stack => {
    const group = groups.get(keyOf(stack));
    if (!group) return undefined;
    const { createdBy, ancestors } = mostOf(group.creators);
    const { state } = mostOf(group.states);
    return { count: group.count, state, ...(createdBy ? { createdBy } : {}), ancestors };
  };
}

/**
 * Stacks have the same key if they are the same outside of the runtime, or consist of the same runtime frames
 * only.
 */
function keyOf(stack: readonly Frame[]): string {
  const others = stack.filter(({ function: name }) => !/^(?:runtime\.|internal\/runtime\/)/.test(name));
  return (others.length > 0 ? others : stack)
    .slice(0, sure)
    .map(({ function: name, file, line }) => `${name} ${file}:${line}`)
    .join('\n');
}

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function mostOf<Value extends { count: number }>(map: Map<string, Value>): Value {
  return [...map.values()].reduce((most, each) => (each.count > most.count ? each : most));
}
