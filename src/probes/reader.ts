import { setTimeout as sleep } from 'node:timers/promises';
import { awake } from '../awake.js';
import { messageOf, targetError } from '../errors.js';
import type { RoundKind } from '../load/round.js';
import type { Collector } from '../target/processes/collector.js';
import { sources } from './catalogue.js';
import { Patience } from './patience.js';
import { type Implausible, plausible } from './plausible.js';
import type { Probe, Sample, SourceName } from './probe.js';
import { type ProfileRequest, Profiler, type SourcedProfile } from './profiler.js';
import { isLower, lowerOf, type Moment, type Reading, type Values } from './reading.js';
import { fileResources, filesCounted, heap, resourceNames } from './resource-questions.js';
import type { ResourceName } from './resources.js';

export interface ReaderOptions {
  /** Longest wait for memory to stop falling, in seconds. */
  settle: number;
  /** A fall by no more than this is noise. */
  tolerance: Partial<Record<ResourceName, number>>;
}

/** Both `sync.Pool` and finalizers need two collections to let go; a third shows that they did. */
const collections = 3;
/** A pool or a connection may be caught between two states: of so many readings one is likely to see the lower. */
const leastSamples = 3;
/** Of a sample that takes longer than this (ms), as by jcmd, and collects each time, two are enough. */
const costly = 150;
const costlyTimes = 2;
const firstPause = 5;

/** What readings took so far, in seconds. */
export interface ReaderTimes {
  collecting: number;
  /** Asking the sources, which collect once more. */
  sampling: number;
  /** Between two samples. */
  waiting: number;
  profiling: number;
}

/** Takes readings of one target through its probes, and notices when it is another process than before. */
export class Reader implements AsyncDisposable {
  /** Which source each resource is read from: the first that knows it. */
  readonly sourceOf = new Map<ResourceName, SourceName>();
  /** Bytes at which the target's container runs out, where a probe knows. */
  limit?: number;
  /** The most processes that the target was seen to consist of. */
  processes = 1;
  /** Which source counts allocations, and which knows the high-water mark. */
  allocatedFrom?: SourceName;
  peakFrom?: SourceName;
  /** How the target puts off collecting garbage, where a probe sees it. */
  readonly collector: Collector | undefined;
  /** Failed attempts by source, each made up for by a second one. */
  readonly retries: Partial<Record<SourceName, number>> = {};
  /** Probes that stopped answering while others went on, and why: their series end there. */
  readonly lost: { source: SourceName; why: string }[] = [];
  /** Amounts that no process can have, and were left out: by source and name, the first of each. */
  readonly refused = new Map<string, { source: SourceName; name: string; value: number }>();
  /** Over how many probes each resource is added up. */
  #replicasOf = new Map<ResourceName, number>();
  readonly times: ReaderTimes = { collecting: 0, sampling: 0, waiting: 0, profiling: 0 };
  /** Those of the scenario that is under way, with their numbers. */
  #readings: { number: number; reading: Reading }[] = [];
  #taken = 0;
  #collections = collections;
  #samples = leastSamples;
  readonly #profiler = new Profiler();
  readonly #patience = new Patience();
  readonly #opened: readonly Probe[];
  /** Those that were not given up. */
  #probes: readonly Probe[];
  #identities = new Map<Probe, string>();
  #counters = new Map<Probe, number>();

  constructor(
    probes: readonly Probe[],
    readonly options: ReaderOptions,
    readonly epoch = awake.now(),
  ) {
    this.#opened = this.#probes = probes;
    this.collector = probes.find(({ collector }) => collector)?.collector;
  }

  /**
   * Collects garbage three times, then reads at least three times and until a reading is no lower than the
   * lowest before it, and keeps the lowest value of each resource: what is still being freed is not growth.
   */
  async read(kind: RoundKind, uploads: number): Promise<Reading> {
    const deadline = awake.now() + this.options.settle * 1000;
    const moment = { reading: this.#taken, kind, uploads };
    this.#taken += 1;
    for (let i = 0; i < this.#collections - 1; i += 1) await this.#timed('collecting', () => this.#collect());
    const start = awake.now();
    let lowest = await this.#timed('sampling', () => this.#sample(moment));
    if (awake.now() - start > costly) this.#collections = this.#samples = costlyTimes;
    let pause = firstPause;
    for (let samples = 1; awake.now() < deadline; samples += 1) {
      await this.#timed('waiting', () => sleep(pause));
      pause = Math.min(pause * 2, 250);
      const next = await this.#timed('sampling', () => this.#sample(moment, true));
      const falling = resourceNames.some(name =>
        isLower(next, lowest, name, this.options.tolerance[name] ?? 0),
      );
      lowest = lowerOf(lowest, next);
      if (!falling && samples + 1 >= this.#samples) break;
    }
    const reading = { kind, uploads, seconds: (awake.now() - this.epoch) / 1000, ...lowest };
    if (Object.keys(reading.values).length === 0 && this.refused.size > 0) throw this.#nothingLeft();
    if (kind === 'start') this.#readings = [];
    this.#readings.push({ number: moment.reading, reading });
    for (const { number, reading } of this.#readings) this.#revise(number, reading);
    return reading;
  }

  /** Whose a file is may be known only later: the readings that were taken before are then put right. */
  #revise(number: number, reading: Reading): void {
    const probes = this.#probes.filter(({ revised }) => revised);
    for (const name of fileResources) {
      const source = this.sourceOf.get(name);
      const parts = probes.filter(probe => probe.source === source);
      if (parts.length === 0 || parts.length < (this.#replicasOf.get(name) ?? 0)) continue;
      const values = parts.map(probe => probe.revised!(number)[name]);
      const known = values.filter(value => value !== undefined);
      if (known.length < values.length) delete reading.values[name];
      else reading.values[name] = known.reduce((sum, value) => sum + value, 0);
      for (const [i, { endpoint }] of parts.entries()) {
        const part = reading.replicas?.[endpoint];
        if (part && values[i] !== undefined) part[name] = values[i];
      }
    }
  }

  /** Who holds what, from every probe that can tell, or those of some sources; `dump` is the expensive way. */
  profile(way: ProfileRequest = 'profile', sources?: ReadonlySet<SourceName>): Promise<SourcedProfile[]> {
    const asked = sources ? this.#probes.filter(({ source }) => sources.has(source)) : this.#probes;
    return this.#timed('profiling', () => this.#profiler.ask(asked, way));
  }

  /** Sources whose profile could not be had, and why. */
  get unprofiled(): ReadonlyMap<SourceName, string> {
    return this.#profiler.failed;
  }

  /** The first source that can tell of every object, if any. */
  get snapshots(): Required<Pick<Probe, 'source' | 'snapshot'>> | undefined {
    return this.#probes.find(
      (probe): probe is Probe & Required<Pick<Probe, 'snapshot'>> => probe.snapshot !== undefined,
    );
  }

  /** Those that can have the target remember who makes what. */
  get tracers(): (Probe & Required<Pick<Probe, 'tracing'>>)[] {
    return this.#probes.filter(
      (probe): probe is Probe & Required<Pick<Probe, 'tracing'>> => probe.tracing !== undefined,
    );
  }

  /** CPU time of the target so far, in seconds; undefined where its process is not in sight. */
  async cpuSeconds(): Promise<number | undefined> {
    return this.#probes.find(({ cpuSeconds }) => cpuSeconds)?.cpuSeconds?.();
  }

  /** Of how many processes the heap is read. */
  get heaps(): number {
    const source = this.sourceOf.get(heap);
    return Math.max(1, this.#opened.filter(probe => probe.source === source).length);
  }

  /** Sources that read some of the target's processes, and not all that they could. */
  get partlyRead(): ReadonlySet<SourceName> {
    return new Set(this.#opened.flatMap(({ source, unread }) => (unread ? source : [])));
  }

  /** How the target came to its end, from the first source that knows; also one that answers no more. */
  async exitReport(): Promise<string | undefined> {
    for (const probe of this.#opened) {
      const told = await probe.exitReport?.().catch(() => undefined);
      if (told !== undefined) return told;
    }
    return undefined;
  }

  /** Where the temp files are that are counted. */
  get folder(): string | undefined {
    const source = this.sourceOf.get(filesCounted);
    return this.#probes.find(probe => probe.source === source)?.folder;
  }

  /** Files that may be the target's or not, by their patterns: none is counted then. */
  get undecided(): readonly string[] {
    return this.#probes.flatMap(({ undecided }) => undecided ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#probes.map(probe => probe.close?.()));
  }

  async #timed<Result>(part: keyof ReaderTimes, work: () => Promise<Result>): Promise<Result> {
    const start = awake.now();
    try {
      return await work();
    } finally {
      this.times[part] += (awake.now() - start) / 1000;
    }
  }

  async #collect(): Promise<void> {
    for (const probe of this.#probes) if (probe.collect) await this.#attempt(probe, 'collect', probe.collect);
  }

  async #sample(moment: Moment, again = false): Promise<Values> {
    const samples: [Probe, Sample][] = [];
    for (const probe of this.#probes) {
      const told = await this.#attempt(probe, 'read', () => probe.read(again, moment));
      if (!told) continue;
      const { sample, refused } = plausible(told);
      for (const each of refused) this.#refuse(probe.source, each);
      this.#recognise(probe, sample);
      this.limit ??= sample.limit;
      this.processes = Math.max(this.processes, sample.processes ?? 1);
      samples.push([probe, sample]);
    }
    return this.#merged(samples);
  }

  /** Each resource from the first source that knows it; the replicas of that source are added up. */
  #merged(samples: [Probe, Sample][]): Values {
    const merged: Values = { values: {} };
    for (const name of resourceNames) {
      const known = samples.filter(([, { values }]) => values[name] !== undefined);
      const source = this.sourceOf.get(name) ?? known[0]?.[0].source;
      if (source === undefined) continue;
      const parts = known.filter(([probe]) => probe.source === source);
      const whole = this.#replicasOf.get(name) ?? parts.length;
      this.sourceOf.set(name, source);
      this.#replicasOf.set(name, whole);
      // A sum that lacks a replica would be a fall that never was.
      if (parts.length < whole) continue;
      merged.values[name] = parts.reduce((sum, [, { values }]) => sum + values[name]!, 0);
      if (whole > 1)
        for (const [{ endpoint }, { values }] of parts) addReplica(merged, endpoint, name, values[name]!);
    }
    this.allocatedFrom ??= samples.find(([, { allocated }]) => allocated !== undefined)?.[0].source;
    this.peakFrom ??= samples.find(([, { peak }]) => peak !== undefined)?.[0].source;
    merged.allocated = sumOf(samples, this.allocatedFrom, sample => sample.allocated);
    merged.peak = sumOf(samples, this.peakFrom, sample => sample.peak);
    merged.committed = sumOf(samples, this.sourceOf.get(heap), sample => sample.committed);
    merged.collections = samples.find(([, { collections }]) => collections !== undefined)?.[1].collections;
    return merged;
  }

  /** Tries twice; a probe that fails both times is given up, and with the last one, or its process, the target. */
  async #attempt<Result>(
    probe: Probe,
    kind: 'collect' | 'read',
    ask: () => Promise<Result>,
  ): Promise<Result | undefined> {
    const attempt = () => (probe.paced ? ask() : this.#patience.wait(probe, kind, ask));
    try {
      return await attempt();
    } catch {
      this.retries[probe.source] = (this.retries[probe.source] ?? 0) + 1;
    }
    try {
      return await attempt();
    } catch (error) {
      this.#probes = this.#probes.filter(each => each !== probe);
      if (sources[probe.source]?.isProcess || this.#probes.length === 0) throw lostTarget(error);
      this.lost.push({ source: probe.source, why: messageOf(error) });
      await probe.close?.();
      return undefined;
    }
  }

  #nothingLeft(): Error {
    return targetError(
      'NO_READINGS',
      `Nothing that the target tells of itself can be: ${this.implausible.join(' ')} Name another source by --probe.`,
    );
  }

  /** What was left out, a sentence for each source. */
  get implausible(): string[] {
    const sources = new Set([...this.refused.values()].map(({ source }) => source));
    return [...sources].map(source => {
      const of = [...this.refused.values()].filter(each => each.source === source);
      const told = of.map(({ name, value }) => `${name} as ${inWords(value)}`);
      return `The ${source} probe told ${told.join(', ')}, which no process has: such values were left out.`;
    });
  }

  #refuse(source: SourceName, { name, value }: Implausible): void {
    const key = `${source} ${name}`;
    if (!this.refused.has(key)) this.refused.set(key, { source, name, value });
  }

  #recognise(probe: Probe, sample: Sample): void {
    // Of several workers each may tell its own start: where the process is in sight, it knows best.
    const seen =
      sources[probe.source]?.ofAnyWorker && this.#probes.some(({ source }) => sources[source]?.isProcess);
    const { identity, counter } = seen ? {} : sample;
    const knownIdentity = this.#identities.get(probe);
    const lastCounter = this.#counters.get(probe);
    if (identity !== undefined) this.#identities.set(probe, identity);
    if (counter !== undefined) this.#counters.set(probe, counter);
    const changed = knownIdentity !== undefined && identity !== undefined && identity !== knownIdentity;
    const ranBack = lastCounter !== undefined && counter !== undefined && counter < lastCounter;
    if (changed || ranBack) {
      throw targetError(
        'TARGET_RESTARTED',
        'The target was restarted in the middle of the hunt: readings before and after cannot be compared. Find out why it ended, then hunt again.',
      );
    }
  }
}

function inWords(value: number): string {
  if (Number.isNaN(value)) return 'no number';
  return Number.isFinite(value) ? String(value) : 'without an end';
}

function lostTarget(error: unknown): Error {
  return targetError(
    'TARGET_LOST',
    `The target can no longer be read in the middle of the hunt. ${messageOf(error)}`,
    {
      cause: error,
    },
  );
}

function addReplica(merged: Values, endpoint: string, name: ResourceName, value: number): void {
  merged.replicas ??= {};
  merged.replicas[endpoint] = { ...merged.replicas[endpoint], [name]: value };
}

function sumOf(
  samples: [Probe, Sample][],
  source: SourceName | undefined,
  of: (sample: Sample) => number | undefined,
): number | undefined {
  const parts = samples.flatMap(([probe, sample]) => (probe.source === source ? (of(sample) ?? []) : []));
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
}
