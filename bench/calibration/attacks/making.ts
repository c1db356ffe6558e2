import type { RoundKind } from '../../../src/load/round.js';
import { between, type Random } from '../random.js';

/** Uploads per round, the duration of a round, and that of a reading. */
export const perRound = 100;
export const roundSeconds = 2;
export const readingSeconds = 0.1;

/** When a reading is taken. */
export interface Moment {
  kind: RoundKind;
  /** Rounds of uploads done, warm-up not counted. */
  round: number;
  uploads: number;
  seconds: number;
  /** Whether the hunt judges after it. */
  look: boolean;
}

/** The settings of one series. */
export interface Making {
  random: Random;
  moments: readonly Moment[];
  /** True growth per upload, in the resource's unit: bytes or things. */
  leak: number;
  /** U: what the margin allows in one round. */
  unit: number;
  /** Standard deviation of the background noise. */
  sd: number;
}

/** What a series does besides leaking. */
export interface Shape {
  values: number[];
  /**
   * Its values if, after reading `at`, there are no uploads for this many seconds and this many readings;
   * absent if nothing changes.
   */
  afterRest?(at: number, seconds: number, readings: number): number;
}

export interface Family {
  resource: 'heap' | 'goroutines';
  /** Growth of its series in multiples of the margin; 0 is flat. */
  leaks: readonly number[];
  /** Read as a hunt does, blank rounds included; otherwise after the rounds of uploads only. */
  asHunt?: boolean;
  shape?: (making: Making) => Shape;
  /** How the leak shows, if not as a straight line. */
  leaked?: (making: Making) => number[];
  noise?: (making: Making, values: readonly number[]) => number[];
  /** What the readings show of the values; undefined for a missing reading. */
  read?: (making: Making, values: readonly number[]) => (number | undefined)[];
  /** Its true growth, if `leak` alone is not the whole answer. */
  truth?: (leak: number) => readonly [low: number, high: number];
  /** Never finished: the growth in the later half of the run is as true as the growth in the end. */
  lately?: boolean;
  /** Why a series of this many rounds cannot tell, for this much growth. */
  unknowable?: (leak: number) => string | undefined;
  /** The round before which a leak cannot be known, because nothing of it shows yet. */
  knowableFrom?: (leak: number) => number;
}

export const allLeaks = [0, 2, 6, 30];
export const onlyLeaks = [2, 6, 30];

export const bytes = { resource: 'heap', leaks: allLeaks } as const;

export function each({ moments }: Making, make: (round: number, moment: Moment, index: number) => number) {
  return moments.map((moment, i) => make(moment.round, moment, i));
}

/** A shape that is a function of the round. */
export function shape(making: Making, make: (round: number, moment: Moment, index: number) => number): Shape {
  return { values: each(making, make) };
}

/** Every order of magnitude between the two is equally likely. */
export function logBetween(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.uniform();
}

export function sign(random: Random): number {
  return random.uniform() < 0.5 ? -1 : 1;
}

/** The rounds of an event that happens about every `gap` rounds. */
export function recurring(random: Random, low: number, high: number, last = 100): number[] {
  const rounds: number[] = [];
  for (let at = between(random, low, high); at < last; at += between(random, low, high)) rounds.push(at);
  return rounds;
}

export function always<Value>(value: Value): () => Value {
  return () => value;
}
