/** What is wrong with a malformed form. */
export const flaws = [
  'wrong-boundary',
  'nameless-part',
  'broken-header',
  'huge-header',
  'nested',
  'zero-parts',
  'duplicate-fields',
  'path-filename',
] as const;

export type Flaw = (typeof flaws)[number];

/** How a connection is left: closed in order, or by a reset (RST). */
export type Leave = 'fin' | 'reset';

/**
 * How an upload behaves. `at` is a point in the body, in per cent of its bytes; times are in milliseconds.
 */
export type Scenario =
  | { kind: 'complete' }
  /**
   * The connection is left at `at`, `pause` after the last byte was sent; undefined: after the usual time.
   */
  | { kind: 'abort'; at: number; leave: Leave; pause?: number }
  /**
   * The body ends early. `short`: before the declared length; otherwise the declared length is shorter, too.
   */
  | { kind: 'truncate'; at: number | 'no-boundary'; short: boolean; wait: number }
  /**
   * Without a flaw: each flaw in turn, upload by upload. `alone`: without the parts of the form itself before
   * it.
   */
  | { kind: 'malformed'; flaw?: Flaw; alone: boolean }
  /** Well formed: the server itself should refuse it. */
  | { kind: 'reject' }
  /** Nothing is sent after `at`, and the connection is left only `hold` later. */
  | { kind: 'stall'; at: number; hold: number };

/** The names of `--scenario`, and what each does without further words. */
export const defaults = {
  complete: { kind: 'complete' },
  abort: { kind: 'abort', at: 50, leave: 'fin' },
  truncate: { kind: 'truncate', at: 50, short: false, wait: 1000 },
  malformed: { kind: 'malformed', alone: false },
  reject: { kind: 'reject' },
  stall: { kind: 'stall', at: 50, hold: 1000 },
} as const satisfies { [kind in Scenario['kind']]: Extract<Scenario, { kind: kind }> };

/** The scenario's one name in reports, which `parseScenarios` reads back: `abort@50%`, `stall@50%:2s`. */
export function nameOf(scenario: Scenario): string {
  switch (scenario.kind) {
    case 'abort': {
      const { at, leave, pause } = scenario;
      return named(
        `abort@${at}%`,
        leave !== defaults.abort.leave && leave,
        pause !== undefined && timed(pause),
      );
    }
    case 'truncate': {
      const { at, short, wait } = scenario;
      const start = at === 'no-boundary' ? 'truncate:no-boundary' : `truncate@${at}%`;
      return named(start, short && 'short', wait !== defaults.truncate.wait && timed(wait));
    }
    case 'malformed':
      return named('malformed', scenario.flaw, scenario.alone && 'alone');
    case 'stall':
      return named(`stall@${scenario.at}%`, scenario.hold !== defaults.stall.hold && timed(scenario.hold));
    default:
      return scenario.kind;
  }
}

function named(...words: (string | false | undefined)[]): string {
  return words.filter(Boolean).join(':');
}

function timed(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
