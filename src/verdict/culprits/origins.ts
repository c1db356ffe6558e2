import type { Frame } from '../../profiles/frame.js';
import type { Creator } from '../../profiles/go/goroutines.js';
import type { SiteHistory } from '../../profiles/history.js';
import { blockingFrame, isUserCode } from '../../profiles/ownership.js';

/** How goroutines were started, and what they wait for. */
export interface Origin {
  /** What they wait for (`chan receive`), and the line. */
  state?: string;
  blockedAt?: Frame;
  /** The `go` statement that started them. */
  createdBy?: Frame;
  /** The line of the user's own code that led to it. */
  startedFrom?: Frame;
  /** Inferred: every other goroutine of that library that could be traced goes back to this line. */
  startedFromInferred?: true;
  /** Nothing shows which own line led to the `go` statement, for Go was not told to keep ancestors. */
  untraced?: true;
}

/** A longer chain of goroutines that start one another is not followed to its beginning. */
const longestChain = 5;

/** The creators of goroutines at a stack, that of most of them first. */
type CreatorsOf = (stack: readonly Frame[]) => readonly Creator[];

/**
 * The origins of the goroutines at one stack, that of most of them first, each with its share of them. `creatorsOf`
 * knows their `go` statements. Which of the user's lines led to
 * a library's `go` statement is known where Go was told to keep ancestors; otherwise from the stacks that allocate:
 * one that passes through the function with the `go` statement shows who calls it.
 */
export function originsOf(
  stack: readonly Frame[],
  creatorsOf: CreatorsOf,
  table: SiteHistory,
): { share: number; origin: Origin }[] {
  const blockedAt = blockingFrame(stack);
  const creators = creatorsOf(stack);
  if (creators.length === 0) return [{ share: 1, origin: { blockedAt } }];
  const all = creators.reduce((sum, { count }) => sum + count, 0);
  return creators.map(({ count, state, createdBy, ancestors }) => {
    const origin: Origin = { blockedAt, state, createdBy };
    const startedFrom =
      ancestors.flat().find(isUserCode) ??
      (createdBy && !isUserCode(createdBy)
        ? callerOf(createdBy, creatorsOf, table, longestChain)
        : undefined);
    const untraced = !startedFrom && createdBy && !isUserCode(createdBy) && ancestors.length === 0;
    return {
      share: count / all,
      origin: {
        ...origin,
        ...(startedFrom ? { startedFrom } : {}),
        ...(untraced ? { untraced: true as const } : {}),
      },
    };
  });
}

/** Traces the rest by the others of the same library: if those have one line in common, it is that. */
export function withInferredOrigins<Site extends Origin>(sites: readonly Site[]): Site[] {
  const lines = new Map<string, Map<string, Frame>>();
  for (const { createdBy, startedFrom } of sites) {
    if (!createdBy || !startedFrom) continue;
    const known = lines.get(packageOf(createdBy)) ?? new Map<string, Frame>();
    known.set(`${startedFrom.file}:${startedFrom.line}`, startedFrom);
    lines.set(packageOf(createdBy), known);
  }
  return sites.map(site => {
    const { createdBy, startedFrom } = site;
    if (!createdBy || startedFrom || isUserCode(createdBy)) return site;
    const [only, ...others] = lines.get(packageOf(createdBy))?.values() ?? [];
    if (!only || others.length > 0) return site;
    const { untraced, ...known } = site;
    return { ...known, startedFrom: only, startedFromInferred: true } as Site;
  });
}

/** `example.com/kafka-go` from `example.com/kafka-go.(*conn).run`. */
function packageOf({ function: name }: Frame): string {
  return name.slice(0, name.indexOf('.', name.lastIndexOf('/') + 1));
}

function callerOf(
  { function: name }: Frame,
  creatorsOf: CreatorsOf,
  table: SiteHistory,
  left: number,
): Frame | undefined {
  const through = stacksOf(table, 'churn').filter(stack => stack.some(frame => frame.function === name));
  for (const stack of through) {
    const at = stack.findLastIndex(frame => frame.function === name);
    const own = stack.slice(at).find(isUserCode);
    if (own) return own;
  }
  if (left === 0) return undefined;
  // It runs in a goroutine of its own: who started that one?
  const entries = new Set(through.map(stack => entryOf(stack)?.function));
  for (const stack of stacksOf(table, 'goroutines')) {
    const createdBy = entries.has(entryOf(stack)?.function) ? creatorsOf(stack)[0]?.createdBy : undefined;
    const caller =
      createdBy && (isUserCode(createdBy) ? createdBy : callerOf(createdBy, creatorsOf, table, left - 1));
    if (caller) return caller;
  }
  return undefined;
}

/** The largest first. */
function stacksOf(table: SiteHistory, resource: 'churn' | 'goroutines'): (readonly Frame[])[] {
  const stacks = table.sitesOf(resource).flatMap(site => site.stacks);
  return stacks.sort((a, b) => (b.values.at(-1) ?? 0) - (a.values.at(-1) ?? 0)).map(({ stack }) => stack);
}

/** The function that a goroutine was started with; below it is only the runtime's `goexit`. */
function entryOf(stack: readonly Frame[]): Frame | undefined {
  return stack.findLast(frame => !frame.function.startsWith('runtime.'));
}
