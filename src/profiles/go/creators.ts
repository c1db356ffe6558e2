import type { Frame } from '../frame.js';
import { isUserCode } from '../ownership.js';
import { goroutinesOf } from './goroutine-dump.js';

/** Where goroutines at one stack come from that were all started in the same way. */
export interface Creator {
  /** How many goroutines of the dump have the stack and were started so. */
  count: number;
  /** What most of them wait for. */
  state: string;
  /** The `go` statement that started them. */
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

/** Those that were started in the same way, and how many of them wait for what. */
interface Group extends Omit<Creator, 'state'> {
  states: Map<string, { state: string; count: number }>;
}

/**
 * Who started the goroutines of a dump (`goroutine?debug=2`): a function that answers it for a stack of
 * `goroutine?debug=1`, the creator of most of them first. The two leave out different frames of the runtime, so only
 * others are compared. A stack that the dump does not have (its goroutines ended in between) has no answer. Where Go
 * kept ancestors, those with other own code behind the same `go` statement are others.
 */
export function creatorsOf(dump: string | Uint8Array): (stack: readonly Frame[]) => Creator[] {
  const stacks = new Map<string, Map<string, Group>>();
  for (const { stack, state, createdBy, ancestors } of goroutinesOf(dump)) {
    const groups = entry(stacks, keyOf(stack), () => new Map<string, Group>());
    const own = ancestors.flat().find(isUserCode);
    const creator = keyOf([createdBy, own].filter(frame => frame !== undefined));
    const group = entry(groups, creator, () => ({ count: 0, createdBy, ancestors, states: new Map() }));
    group.count += 1;
    entry(group.states, state, () => ({ state, count: 0 })).count += 1;
  }
  return stack => {
    return [...(stacks.get(keyOf(stack))?.values() ?? [])]
      .toSorted((a, b) => b.count - a.count)
      .map(({ count, createdBy, ancestors, states }) => ({
        count,
        state: mostOf(states).state,
        ...(createdBy ? { createdBy } : {}),
        ancestors,
      }));
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
