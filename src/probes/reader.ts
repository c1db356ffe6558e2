import { setTimeout as sleep } from 'node:timers/promises';
import { awake } from '../awake.js';
import { targetError } from '../errors.js';
import type { RoundKind } from '../load/round.js';
import type { Collector } from '../target/processes/collector.js';
import { sources } from './catalogue.js';
import { LiveProbes } from './live-probes.js';
import { SampleMerger } from './merge.js';
import { plausible, RefusedAmounts } from './plausible.js';
import type { Probe, Sample, SourceName } from './probe.js';
import { type ProfileRequest, Profiler, type SourcedProfile } from './profiler.js';
import { isLower, lowerOf, type Moment, type Reading, type Values } from './reading.js';
import { filesCounted, heap, resourceNames } from './resource-questions.js';
import type { ResourceName } from './resources.js';
import { SameProcess } from './same-process.js';

export interface ReaderOptions {
  /** Longest wait for memory to stop falling, in seconds. */
  settle: number;
  /** A fall by no more than this is noise. */
  tolerance: Partial<Record<ResourceName, number>>;
}

/** Both `sync.Pool` and finalizers need two collections to let go; a third makes sure of it. */
const collections = 3;
/**
 * A pool or a connection may be caught between two states: of this many readings, one probably sees the
 * lower.
 */
const leastSamples = 3;
/** If a sample takes longer than this (ms) and collects each time, as with jcmd, two are enough. */
const costly = 150;
const costlyTimes = 2;
const firstPause = 5;

/** How long readings took so far, in seconds. */
export interface ReaderTimes {
  collecting: number;
  /** Reading the sources, which collect once more. */
  sampling: number;
  /** Pauses between two samples. */
  waiting: number;
  profiling: number;
}

/** A probe that can tell of every object of its process. */
export type SnapshotProbe = Probe & Required<Pick<Probe, 'snapshot'>>;

/** Takes readings of one target through its probes, and notices when it is another process than before. */
export class Reader implements AsyncDisposable {
  /** The limit in bytes of the target's container, if a probe knows it. */
  limit?: number;
  /** The most processes that the target was seen to consist of. */
  processes = 1;
  /** How the target delays collecting garbage, if a probe sees it. */
  readonly collector: Collector | undefined;
  readonly times: ReaderTimes = { collecting: 0, sampling: 0, waiting: 0, profiling: 0 };
  /** The readings of the current scenario, with their numbers. */
  #readings: { number: number; reading: Reading }[] = [];
  #taken = 0;
  #collections = collections;
  #samples = leastSamples;
  readonly #merger = new SampleMerger();
  readonly #refused = new RefusedAmounts();
  readonly #sameProcess = new SameProcess();
  readonly #profiler = new Profiler();
  /** Every probe, including those that were given up. */
  readonly #opened: readonly Probe[];
  readonly #live: LiveProbes;

  constructor(
    probes: readonly Probe[],
    readonly options: ReaderOptions,
    readonly epoch = awake.now(),
  ) {
    this.#opened = probes;
    this.#live = new LiveProbes(probes);
    this.collector = probes.find(({ collector }) => collector)?.collector;
  }

  /**
   * Collects garbage three times, then reads at least three times and until a reading is no lower than the
   * lowest before it. Keeps the lowest value of each resource: what is still being freed is not growth.
   */
  async read(kind: RoundKind, uploads: number): Promise<Reading> {
    const deadline = awake.now() + this.options.settle * 1000;
    const moment = { reading: this.#taken, kind, uploads };
    this.#taken += 1;
    const pending = await this.#pending();
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
    const reading = { kind, uploads, seconds: (awake.now() - this.epoch) / 1000, ...lowest, ...pending };
    if (Object.keys(reading.values).length === 0 && !this.#refused.isEmpty) throw this.#nothingLeft();
    if (kind === 'start') this.#readings = [];
    this.#readings.push({ number: moment.reading, reading });
    for (const { number, reading } of this.#readings) this.#merger.revise(number, reading, this.#live.all);
    return reading;
  }

  /** Failed attempts by source; a second attempt made up for each. */
  get retries(): LiveProbes['retries'] {
    return this.#live.retries;
  }

  /** Probes that stopped answering while others went on, and why: their series end there. */
  get lost(): LiveProbes['lost'] {
    return this.#live.lost;
  }

  /** The source that each resource is read from: the first that knows it. */
  get sourceOf(): ReadonlyMap<ResourceName, SourceName> {
    return this.#merger.sourceOf;
  }

  /** The source that counts allocations. */
  get allocatedFrom(): SourceName | undefined {
    return this.#merger.allocatedFrom;
  }

  /** The source that knows the high-water mark. */
  get peakFrom(): SourceName | undefined {
    return this.#merger.peakFrom;
  }

  /** The amounts that were left out because no process can have them, a sentence for each source. */
  get implausible(): string[] {
    return this.#refused.sentences;
  }

  /**
   * Who holds what, from every probe that can tell, or from the given sources; `dump` is the expensive way.
   */
  profile(way: ProfileRequest = 'profile', sources?: ReadonlySet<SourceName>): Promise<SourcedProfile[]> {
    const asked = sources ? this.#live.all.filter(({ source }) => sources.has(source)) : this.#live.all;
    return this.#timed('profiling', () => this.#profiler.ask(asked, way));
  }

  /** Sources without a usable profile, and why. */
  get unprofiled(): ReadonlyMap<SourceName, string> {
    return this.#profiler.failed;
  }

  /** What the target is to be started with for profiles of a source that miss less. */
  finer(source: SourceName | undefined): string | undefined {
    return this.#live.all.find(probe => probe.source === source && probe.finer !== undefined)?.finer;
  }

  /** Those of one source that can list every object, one for each process. */
  get snapshots(): SnapshotProbe[] {
    const able = this.#live.all.filter((probe): probe is SnapshotProbe => probe.snapshot !== undefined);
    return able.filter(({ source }) => source === able[0]!.source);
  }

  /** The first source that can record who allocates what is kept, if any. */
  get recorder(): Required<Pick<Probe, 'source' | 'record'>> | undefined {
    return this.#live.all.find(
      (probe): probe is Probe & Required<Pick<Probe, 'record'>> => probe.record !== undefined,
    );
  }

  /** Those that can have the target remember who makes what. */
  get tracers(): (Probe & Required<Pick<Probe, 'tracing'>>)[] {
    return this.#live.all.filter(
      (probe): probe is Probe & Required<Pick<Probe, 'tracing'>> => probe.tracing !== undefined,
    );
  }

  /** CPU time of the target so far, in seconds; undefined where its process is not in sight. */
  async cpuSeconds(): Promise<number | undefined> {
    return this.#live.all.find(({ cpuSeconds }) => cpuSeconds)?.cpuSeconds?.();
  }

  /** The number of processes whose heap is read. */
  get heaps(): number {
    const source = this.sourceOf.get(heap);
    return Math.max(1, this.#opened.filter(probe => probe.source === source).length);
  }

  /** Sources that read some of the target's processes, but not all that they could. */
  get partlyRead(): ReadonlySet<SourceName> {
    return new Set(this.#opened.flatMap(({ source, unread }) => (unread ? source : [])));
  }

  /** How the target ended, from the first source that knows, even if that no longer answers. */
  async exitReport(): Promise<string | undefined> {
    for (const probe of this.#opened) {
      const report = await probe.exitReport?.().catch(() => undefined);
      if (report !== undefined) return report;
    }
    return undefined;
  }

  /** The folder of the temp files that are counted. */
  get folder(): string | undefined {
    const source = this.sourceOf.get(filesCounted);
    return this.#live.all.find(probe => probe.source === source)?.folder;
  }

  /** Patterns of files that may or may not be the target's: none of them is counted. */
  get undecided(): readonly string[] {
    return this.#live.all.flatMap(({ undecided }) => undecided ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#live.all.map(probe => probe.close?.()));
  }

  async #timed<Result>(part: keyof ReaderTimes, work: () => Promise<Result>): Promise<Result> {
    const start = awake.now();
    try {
      return await work();
    } finally {
      this.times[part] += (awake.now() - start) / 1000;
    }
  }

  /** What may be gone after the collection; nothing where none is made. */
  async #pending(): Promise<Pick<Reading, 'pending'>> {
    if (!this.#live.all.some(({ collect }) => collect)) return {};
    const told = await Promise.all(this.#live.all.map(({ pending }) => pending?.().catch(() => undefined)));
    const [first] = told.filter(each => each !== undefined);
    return first ? { pending: first } : {};
  }

  async #collect(): Promise<void> {
    for (const probe of this.#live.all)
      if (probe.collect) await this.#live.attempt(probe, 'collect', probe.collect);
  }

  async #sample(moment: Moment, again = false): Promise<Values> {
    const samples: [Probe, Sample][] = [];
    for (const probe of this.#live.all) {
      const read = await this.#live.attempt(probe, 'read', () => probe.read(again, moment));
      if (!read) continue;
      const { sample, refused } = plausible(read);
      for (const each of refused) this.#refused.add(probe.source, each);
      if (!this.#isAnyWorker(probe)) this.#sameProcess.check(probe, sample);
      this.limit ??= sample.limit;
      this.processes = Math.max(this.processes, sample.processes ?? 1);
      samples.push([probe, sample]);
    }
    return this.#merger.merge(samples);
  }

  /** Several workers may each report their own start: if the process can be seen, it knows best. */
  #isAnyWorker({ source }: Probe): boolean {
    const seen = this.#live.all.some(({ source }) => sources[source]?.isProcess);
    return seen && sources[source]?.ofAnyWorker === true;
  }

  #nothingLeft(): Error {
    return targetError(
      'NO_READINGS',
      `Every value that the target reports is impossible: ${this.implausible.join(' ')} Choose another source with --probe.`,
    );
  }
}
