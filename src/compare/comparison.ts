import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { ResourceName } from '../probes/resources.js';
import { type Hunt, type ResourceRecord, type ScenarioRecord, scenariosOf } from '../record/record.js';
import type { Runtime } from '../target/processes/runtime.js';
import type { Unit } from '../units.js';
import type { Interval } from '../verdict/verdict.js';
import { version } from '../version.js';
import { type Compared, compareGrowth, type InTurnGrowth, pooled } from './in-turn.js';
import { type SideEffects, sideEffectsOf } from './side-effects.js';

/** The outcome of a comparison. `not-measured`: one side could not be. */
export type ComparisonOutcome = Compared | 'not-measured';

/** One side of a comparison: one hunt, or two that are combined. */
export interface Side {
  /** Its name: a file, or a URL without secrets. */
  name: string;
  hunts: readonly Hunt[];
}

export interface SideRecord {
  name: string;
  url: string;
  runtime?: Runtime;
  /** When each of its hunts began: ISO 8601, UTC. */
  startedAt: string[];
  /** Uploads that the target answered, of every scenario. */
  completed: number;
  /** For one upload. */
  bodyBytes: number;
  concurrency: number;
}

/** One resource's growth per upload on one side. */
export type SideGrowth = Pick<InTurnGrowth, 'perUpload' | 'verdict' | 'reason'>;

export interface ResourceComparison {
  name: ResourceName;
  unit: Unit;
  margin: number;
  /** Whether the overall outcome depends on it. */
  decisive: boolean;
  outcome: Compared;
  before: SideGrowth;
  after: SideGrowth;
  /** After minus before, per upload; growth below zero counts as none. */
  difference: Interval;
}

export interface ScenarioComparison {
  scenario: string;
  outcome: ComparisonOutcome;
  /** Which side could not be measured, and why. */
  error?: string;
  resources: ResourceComparison[];
  /** What went up or down besides the growth. */
  trades: SideEffects;
}

/** A comparison of two hunts as plain data. Version 1. */
export interface Comparison {
  schemaVersion: 1;
  leakhunt: { version: string };
  outcome: ComparisonOutcome;
  exitCode: ExitCode;
  before: SideRecord;
  after: SideRecord;
  /** Differences between the two that were accepted (`--force`), a sentence each. */
  differences: string[];
  scenarios: ScenarioComparison[];
}

export interface ComparisonOptions {
  /** The user's margin for a resource; else the smaller one of the two records. */
  marginFor?(name: ResourceName, unit: Unit): number | undefined;
  differences?: string[];
}

/** Compares what both sides have: scenarios and resources by name. */
export function compareHunts(
  before: Side,
  after: Side,
  { marginFor = () => undefined, differences = [] }: ComparisonOptions = {},
): Comparison {
  const pairs = pairsOf(before, after);
  const comparisons = pairs.reduce(
    (sum, pair) => sum + resourcesIn(pair).filter(({ decisive }) => decisive).length,
    0,
  );
  const scenarios = pairs.map((pair): ScenarioComparison => {
    const error = errorOf(pair, before, after);
    const compared = error
      ? []
      : resourcesIn(pair).map(each => compareResource(each, comparisons, marginFor));
    return {
      scenario: pair.scenario,
      outcome: error ? 'not-measured' : outcomeOf(compared),
      error,
      resources: compared,
      trades: error ? {} : sideEffectsOf(pair.before, pair.after),
    };
  });
  const outcome = worstOf(scenarios);
  return {
    schemaVersion: 1,
    leakhunt: { version },
    outcome,
    exitCode: exitCodeOf(outcome),
    before: sideRecord(before),
    after: sideRecord(after),
    differences,
    scenarios,
  };
}

interface ScenarioPair {
  scenario: string;
  before: ScenarioRecord[];
  after: ScenarioRecord[];
}

function pairsOf(before: Side, after: Side): ScenarioPair[] {
  const named = ({ hunts }: Side, scenario: string) =>
    hunts.flatMap(hunt => scenariosOf(hunt).find(each => each.scenario === scenario) ?? []);
  const names = scenariosOf(before.hunts[0]!).map(({ scenario }) => scenario);
  return [...new Set(names)]
    .map(scenario => ({ scenario, before: named(before, scenario), after: named(after, scenario) }))
    .filter(pair => pair.after.length > 0);
}

function errorOf(pair: ScenarioPair, before: Side, after: Side): string | undefined {
  const failed = (parts: ScenarioRecord[], { name }: Side) =>
    parts.flatMap(({ error }) => (error ? `${name}: ${error.message}` : []))[0];
  return failed(pair.before, before) ?? failed(pair.after, after);
}

interface ResourcePair {
  decisive: boolean;
  before: ResourceRecord[];
  after: ResourceRecord[];
}

/** The resources that every hunt of both sides has read. */
function resourcesIn({ before, after }: ScenarioPair): ResourcePair[] {
  const named = (parts: ScenarioRecord[], name: ResourceName) =>
    parts.flatMap(part => part.resources.find(each => each.name === name) ?? []);
  return before[0]!.resources
    .map(({ name }) => ({ before: named(before, name), after: named(after, name) }))
    .filter(pair => pair.before.length === before.length && pair.after.length === after.length)
    .map(pair => ({ ...pair, decisive: [...pair.before, ...pair.after].some(each => each.decisive) }));
}

function compareResource(
  { before, after, decisive }: ResourcePair,
  comparisons: number,
  marginFor: NonNullable<ComparisonOptions['marginFor']>,
): ResourceComparison {
  const { name, unit } = before[0]!;
  const margin = marginFor(name, unit) ?? Math.min(...[...before, ...after].map(each => each.margin));
  const [first, second] = [pooled(before.map(growthIn)), pooled(after.map(growthIn))];
  return {
    name,
    unit,
    margin,
    decisive,
    ...compareGrowth(first, second, { margin, comparisons }),
    before: sideGrowth(first),
    after: sideGrowth(second),
  };
}

function growthIn({ perUpload, verdict, reason, points, line }: ResourceRecord): InTurnGrowth {
  const judged = points.filter(
    ({ round, uploads }) => (round === 'upload' || round === 'blank') && uploads >= (line?.from ?? 0),
  );
  const steps = new Set(judged.map(({ uploads }) => uploads)).size;
  return { perUpload, verdict, reason, readings: judged.length, steps };
}

function sideGrowth({ perUpload, verdict, reason }: InTurnGrowth): SideGrowth {
  return { perUpload, verdict, reason };
}

/** Worse anywhere is worse; not worse only if everything that counts is shown not to be. */
function outcomeOf(all: readonly ResourceComparison[]): Compared {
  const outcomes = all.filter(({ decisive }) => decisive).map(({ outcome }) => outcome);
  const order = ['regression', 'not-told-apart', 'improvement', 'no-worse'] as const;
  if (outcomes.length === 0) return 'not-told-apart';
  return order.find(each => outcomes.includes(each)) ?? 'same';
}

function worstOf(scenarios: readonly ScenarioComparison[]): ComparisonOutcome {
  const order = ['regression', 'not-measured', 'not-told-apart', 'improvement', 'no-worse'] as const;
  return order.find(each => scenarios.some(({ outcome }) => outcome === each)) ?? 'same';
}

function exitCodeOf(outcome: ComparisonOutcome): ExitCode {
  if (outcome === 'regression') return exitCodes.leak;
  if (outcome === 'not-measured') return exitCodes.unmeasurable;
  return outcome === 'not-told-apart' ? exitCodes.inconclusive : exitCodes.flat;
}

function sideRecord({ name, hunts }: Side): SideRecord {
  const [{ target, load }] = hunts as [Hunt];
  return {
    name,
    url: target.url,
    runtime: target.runtime,
    startedAt: hunts.map(({ leakhunt }) => leakhunt.startedAt),
    completed: hunts.flatMap(scenariosOf).reduce((sum, part) => sum + part.load.completed, 0),
    bodyBytes: load.bodyBytes,
    concurrency: load.concurrency,
  };
}
