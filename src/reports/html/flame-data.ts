import type { Frame } from '../../profiles/frame.js';
import { placeInWords } from '../text/culprits.js';
import type { FlameNode } from './data.js';

/** One stack that a flame graph is made of, the leaf first. */
export interface Flaming {
  stack: readonly Frame[];
  site: Frame;
  value: number;
}

/**
 * The stacks merged from the root on; `rest` is the growth that they leave unexplained. What does not grow
 * has no width.
 */
export function flameOf(name: string, stacks: readonly Flaming[], rest: number, frames: number): FlameNode {
  const root: FlameNode = { n: name, v: 0 };
  for (const { stack, site, value } of stacks) {
    if (value > 0) add(root, shortened(stack, frames), site, value);
  }
  if (rest > 0) {
    root.c = [...(root.c ?? []), { n: 'unexplained', v: rest, is: 'rest' }];
    root.v += rest;
  }
  return root;
}

/** Whether it shows more than a table: a stack of two frames or more. */
export function isDeep(stacks: readonly { stack: readonly Frame[] }[]): boolean {
  return stacks.some(({ stack }) => stack.length > 1);
}

function add(root: FlameNode, stack: readonly Frame[], site: Frame, value: number): void {
  let node = root;
  root.v += value;
  for (const frame of [...stack].reverse()) {
    const at = placeInWords(frame) || undefined;
    node.c ??= [];
    let next = node.c.find(each => each.n === frame.function && each.at === at && each.is !== 'rest');
    if (!next) {
      next = { n: frame.function, at, v: 0 };
      node.c.push(next);
    }
    if (frame.function === site.function && (at ?? '') === placeInWords(site)) next.is = 'site';
    next.v += value;
    node = next;
  }
}

/** The frames nearest to the leaf, if there are too many. */
function shortened(stack: readonly Frame[], most: number): readonly Frame[] {
  if (stack.length <= most) return stack;
  const left = stack.length - most + 1;
  return [...stack.slice(0, most - 1), { function: `${left} outer frames` }];
}
