import type { RoundKind } from '../../../src/load/round.js';
import { between, type Random } from '../random.js';

/** Uploads of a round, how long a round takes, and how long a reading. */
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

/** What one series is made of. */
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
   * What it is when, after reading `at`, the uploads rest for so many seconds and are read so often; absent where
   * nothing changes.
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
  /** How the leak shows, where not as a straight line. */
  leaked?: (making: Making) => number[];
  noise?: (making: Making, values: readonly number[]) => number[];
  /** What the readings show of the values; undefined where there is none. */
  read?: (making: Making, values: readonly number[]) => (number | undefined)[];
  /** What it grows by, where `leak` alone is not the whole answer. */
  truth?: (leak: number) => readonly [low: number, high: number];
  /** Never quite done: what the later half of the run added is as true as what is left in the end. */
  lately?: boolean;
  /** Why a series of these rounds cannot tell, for so much growth. */
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

/** Every order of magnitude between the two as likely. */
export function logBetween(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.uniform();
}

export function sign(random: Random): number {
  return random.uniform() < 0.5 ? -1 : 1;
}

/** The rounds in which something happens that comes about every `gap` rounds. */
export function recurring(random: Random, low: number, high: number, last = 100): number[] {
  const rounds: number[] = [];
  for (let at = between(random, low, high); at < last; at += between(random, low, high)) rounds.push(at);
  return rounds;
}

export function always<Value>(value: Value): () => Value {
  return () => value;
}
