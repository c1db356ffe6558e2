import { percentIn, secondsIn } from '../../amounts.js';
import { type LeakhuntError, usageError } from '../../errors.js';
import { defaults, type Flaw, flaws, nameOf, type Scenario } from '../scenario.js';

type Kind = Scenario['kind'];
const kinds = Object.keys(defaults) as Kind[];
const longestTime = 600_000;

/** One item of the list, split: `abort@50%:reset:20ms`. */
interface Item {
  text: string;
  kind: Kind;
  /** In per cent. */
  at?: number;
  words: string[];
  /** In milliseconds. */
  time?: number;
}

/**
 * The scenarios of a comma-separated list, in its order and each once: `complete,abort@50%,malformed:nested`.
 * `all` stands for one of each. Throws a usage error. The grammar is in docs/scenarios.md.
 */
export function parseScenarios(list: string): Scenario[] {
  const texts = list.split(',').map(each => each.trim());
  const found = texts.flatMap(text =>
    text === 'all' ? Object.values(defaults) : [scenarioOf(itemOf(text))],
  );
  return [...new Map(found.map(each => [nameOf(each), each])).values()];
}

function itemOf(text: string): Item {
  const [, name, at, rest] = /^([a-z]*)(?:@([^:]*))?((?::[^:]*)*)$/.exec(text) ?? [];
  const kind = kinds.find(each => each === name);
  if (kind === undefined) {
    throw badScenario(text, `is not a scenario: use one of ${[...kinds, 'all'].join(', ')}`);
  }
  const words = rest!.split(':').slice(1);
  const times = words.filter(word => /^\d/.test(word));
  if (times.length > 1) throw badScenario(text, 'has more than one time: keep only one');
  return {
    text,
    kind,
    at: at === undefined ? undefined : percentOf(at, text),
    words: words.filter(word => !times.includes(word)),
    time: times[0] === undefined ? undefined : timeOf(times[0], text),
  };
}

function scenarioOf(item: Item): Scenario {
  switch (item.kind) {
    case 'abort':
      return abortOf(item);
    case 'truncate':
      return truncateOf(item);
    case 'malformed':
      return malformedOf(item);
    case 'stall':
      only(item, [], { at: true, time: true });
      return { kind: 'stall', at: before100(item), hold: item.time ?? defaults.stall.hold };
    default:
      only(item, [], {});
      return defaults[item.kind];
  }
}

function abortOf(item: Item): Scenario {
  only(item, ['fin', 'reset'], { at: true, time: true });
  const at = item.at ?? defaults.abort.at;
  const leave = oneOf(item, ['fin', 'reset'] as const) ?? defaults.abort.leave;
  return { kind: 'abort', at, leave, ...(item.time === undefined ? {} : { pause: item.time }) };
}

function truncateOf(item: Item): Scenario {
  only(item, ['no-boundary', 'short'], { at: true, time: true });
  const wholeButBoundary = item.words.includes('no-boundary');
  if (wholeButBoundary && item.at !== undefined) {
    throw badScenario(item.text, 'ends at two points: keep either the percentage or no-boundary');
  }
  return {
    kind: 'truncate',
    at: wholeButBoundary ? 'no-boundary' : before100(item),
    short: item.words.includes('short'),
    wait: item.time ?? defaults.truncate.wait,
  };
}

function malformedOf(item: Item): Scenario {
  only(item, [...flaws, 'alone'], {});
  const flaw: Flaw | undefined = oneOf(item, flaws);
  return {
    kind: 'malformed',
    ...(flaw === undefined ? {} : { flaw }),
    alone: item.words.includes('alone') && flaw !== 'zero-parts', // which has nothing to stand behind
  };
}

/** Refuses words that a scenario does not know. */
function only(item: Item, words: readonly string[], takes: { at?: true; time?: true }): void {
  const { text, kind } = item;
  const unknown = item.words.find(word => !words.includes(word));
  if (unknown !== undefined) {
    const choice = words.length > 0 ? `use one of ${words.join(', ')}` : 'remove it';
    throw badScenario(text, `has ":${unknown}", which ${kind} does not support: ${choice}`);
  }
  if (item.at !== undefined && !takes.at) {
    throw badScenario(text, `has a point, which ${kind} does not support: remove "@${item.at}%"`);
  }
  if (item.time !== undefined && !takes.time) {
    throw badScenario(text, `has a time, which ${kind} does not support: remove it`);
  }
}

function oneOf<Word extends string>(item: Item, words: readonly Word[]): Word | undefined {
  const found = words.filter(word => item.words.includes(word));
  if (found.length > 1) throw badScenario(item.text, `has both ${found.join(' and ')}: keep only one`);
  return found[0];
}

function before100({ text, kind, at }: Item): number {
  if (at === 100)
    throw badScenario(text, `sends the whole body: use ${kind} at less than 100%, e.g. ${kind}@50%`);
  return at ?? 50;
}

function percentOf(at: string, text: string): number {
  const percent = percentIn(at);
  if (percent !== undefined) return percent;
  throw badScenario(text, `has the point "@${at}": write it as a share of the body, e.g. @50%`);
}

function timeOf(word: string, text: string): number {
  // Without its unit it could be either.
  const seconds = /[a-z]$/.test(word) ? secondsIn(word) : undefined;
  const ms = Math.round((seconds ?? Number.NaN) * 1000);
  if (ms <= longestTime) return ms;
  throw badScenario(text, `has the time "${word}": write it as 500ms or 2s, at most 600s`);
}

function badScenario(text: string, what: string): LeakhuntError {
  return usageError('BAD_SCENARIO', `--scenario "${text}" ${what}.`);
}
