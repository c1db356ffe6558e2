/** Longer patterns are not compiled. Those of Go's own tools have a few hundred characters. */
const longest = 4096;
const deepest = 50;
/** The step after the last. */
const end = -1;

type Node =
  | { op: 'char'; matches: (char: string) => boolean }
  | { op: 'all'; parts: Node[] }
  | { op: 'any'; parts: Node[] }
  | { op: '*' | '+' | '?'; part: Node };

/** One step of the machine; `next` are those that may follow. */
interface Step {
  matches?: (char: string) => boolean;
  next: number[];
}

/**
 * A machine for a regular expression that a profile brings: it takes time in proportion to the text, whatever
 * the pattern, where JavaScript's own may take for ever. It knows what profilers write of RE2's syntax:
 * characters, `.`, classes, groups, `|`, `*`, `+`, `?`. Undefined for anything else.
 * Source: Thompson 1968, https://swtch.com/~rsc/regexp/regexp1.html
 */
export class Pattern {
  private constructor(
    private readonly steps: readonly Step[],
    private readonly start: number,
  ) {}

  static of(source: string): Pattern | undefined {
    const tree = source.length <= longest ? new Parser(source).tree() : undefined;
    if (!tree) return undefined;
    const steps: Step[] = [];
    const start = link(tree, end, steps);
    return new Pattern(steps, start);
  }

  /** The most steps that a match takes for each character. */
  get size(): number {
    return this.steps.length;
  }

  /** Whether the whole text matches. */
  matches(text: string): boolean {
    let current = this.closure([this.start]);
    for (const char of text) {
      if (current.size === 0) return false;
      const next: number[] = [];
      for (const index of current) {
        const step = this.steps[index];
        if (step?.matches?.(char)) next.push(...step.next);
      }
      current = this.closure(next);
    }
    return current.has(end);
  }

  /** The steps reached without a further character. */
  private closure(from: readonly number[]): Set<number> {
    const reached = new Set(from);
    for (const index of reached) {
      const step = this.steps[index];
      if (step && !step.matches) for (const each of step.next) reached.add(each);
    }
    return reached;
  }
}

/** Appends the steps of a node that lead to `next`; answers which is its first. */
function link(node: Node, next: number, steps: Step[]): number {
  const add = (step: Step) => steps.push(step) - 1;
  if (node.op === 'char') return add({ matches: node.matches, next: [next] });
  if (node.op === 'all') return node.parts.reduceRight((after, part) => link(part, after, steps), next);
  if (node.op === 'any') return add({ next: node.parts.map(part => link(part, next, steps)) });
  if (node.op === '?') return add({ next: [link(node.part, next, steps), next] });
  const again: Step = { next: [] };
  const loop = add(again);
  const inside = link(node.part, loop, steps);
  again.next = [inside, next];
  return node.op === '*' ? loop : inside;
}

/** Answers undefined for syntax that it does not know. */
class Parser {
  private readonly tokens: string[];
  private at = 0;

  constructor(source: string) {
    this.tokens = source.match(/\(\?:|\[\^?(?:\\.|[^\]\\])+\]|\\.|./gsu) ?? [];
  }

  tree(): Node | undefined {
    const tree = this.choice(0);
    return this.at === this.tokens.length ? tree : undefined;
  }

  private choice(depth: number): Node | undefined {
    const parts: Node[] = [];
    do {
      const part = this.sequence(depth);
      if (!part) return undefined;
      parts.push(part);
    } while (this.take('|'));
    return parts.length === 1 ? parts[0] : { op: 'any', parts };
  }

  private sequence(depth: number): Node | undefined {
    const parts: Node[] = [];
    while (this.at < this.tokens.length && !['|', ')'].includes(this.tokens[this.at]!)) {
      let part = this.atom(depth);
      if (!part) return undefined;
      for (const op of ['*', '+', '?'] as const) if (this.take(op)) part = { op, part };
      parts.push(part);
    }
    return { op: 'all', parts };
  }

  private atom(depth: number): Node | undefined {
    const token = this.tokens[this.at++]!;
    if (token === '(' || token === '(?:') {
      const inside = depth < deepest ? this.choice(depth + 1) : undefined;
      return this.take(')') ? inside : undefined;
    }
    const matches = matcherOf(token);
    return matches && { op: 'char', matches };
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }
}

/** What one character must be. */
function matcherOf(token: string): ((char: string) => boolean) | undefined {
  if (token === '.') return char => char !== '\n';
  if (/^\\[dswDSW]$/.test(token) || /^\[\^?(?:\\[dswDSW.*+?()[\]{}|^$/\\-]|[^\\[\]])+\]$/.test(token)) {
    return classOf(token);
  }
  if (/^\\[^\p{L}\p{N}]$/u.test(token)) return char => char === token.slice(1);
  return /^[[\]\\(){}*+?^$]/.test(token) ? undefined : char => char === token;
}

/** Of a single character, JavaScript's own classes cannot take long. A range the wrong way round is no class. */
function classOf(token: string): ((char: string) => boolean) | undefined {
  try {
    const one = new RegExp(`^${token}$`, 'u');
    return char => one.test(char);
  } catch {
    return undefined;
  }
}
