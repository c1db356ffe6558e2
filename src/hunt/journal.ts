import { nothingMissed } from '../awake.js';
import { nameOf } from '../load/scenario.js';
import type { Reader } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import { fileResources } from '../probes/resource-questions.js';
import type { ProbeSummary } from '../record/record.js';
import { redactedIn } from '../record/redacted-record.js';
import type { Redactor } from '../secrets/redactor.js';
import type { Rest } from '../verdict/rest.js';
import { probeSummary, recordOf } from './assemble.js';
import type { HuntEvent } from './events.js';
import type { JournalLine, PlainReader } from './journal-line.js';
import { addRound, loadOf, noTotals, type Totals } from './load-record.js';
import type { Hunted, Measured, ScenarioRun } from './measured.js';
import { ProfileLog } from './profiling.js';
import { redactorOf } from './redact.js';
import type { Round } from './rounds.js';
import { roundRecordOf } from './scenario-record.js';
import { withoutSecrets } from './told-answers.js';

/** Passes on the lines of a hunt. */
export class Journal {
  readonly #hunted: Hunted;
  readonly #redactor: Redactor;
  #scenario = '';
  #totals: Totals = noTotals();
  #told: { reading: Reading; files: string }[] = [];

  constructor(hunted: Hunted) {
    this.#hunted = hunted;
    this.#redactor = redactorOf(hunted.plan);
  }

  /** Called once the target is found. */
  begin(found: Pick<Measured, 'target' | 'missing' | 'trialUploads' | 'otherHunts'>): void {
    const { plan } = this.#hunted;
    const { margins, tolerances, minUploads, rounds } = plan;
    const runs = [unbegun(nameOf(plan.scenarios[0]!))];
    this.#tell({
      type: 'hunt',
      record: recordOf({ ...this.#hunted, ...found, runs }),
      plan: { margins, tolerances, minUploads, rounds },
    });
  }

  /** Called before the first round of a scenario. */
  beginScenario(name: string): void {
    this.#scenario = name;
    this.#totals = noTotals();
    this.#told = [];
  }

  /** Called for a round once its reading is taken. */
  take(round: Round): void {
    const { plan, requests, reader, probes, began } = this.#hunted;
    addRound(this.#totals, round);
    if (!round.reading) return;
    this.#reviseTold();
    this.#told.push({ reading: round.reading, files: filesIn(round.reading) });
    this.#tell({
      type: 'reading',
      scenario: this.#scenario,
      seconds: began.seconds,
      round: roundRecordOf(round, plan.sizes),
      balanced: round.step.balanced,
      bodyBytes: round.request?.body.size,
      reading: round.reading,
      load: withoutSecrets(loadOf(plan, this.#totals, requests), plan.url, this.#redactor.text),
      reader: plainReader(reader),
      probes: redactedIn(
        probes.map(probe => probeSummary(probe, reader)),
        this.#redactor,
      ) as ProbeSummary[],
    });
  }

  rested({ seconds, working, values }: Rest): void {
    this.#tell({ type: 'rest', scenario: this.#scenario, rest: { seconds, working, values } });
  }

  /** Who owns a file may be known only later: the reader then corrects what it counted before. */
  #reviseTold(): void {
    for (const [index, told] of this.#told.entries()) {
      const files = filesIn(told.reading);
      if (files === told.files) continue;
      told.files = files;
      this.#tell({ type: 'revised', scenario: this.#scenario, index, reading: told.reading });
    }
  }

  #tell(line: JournalLine): void {
    this.#hunted.emit({ type: 'journal', line } satisfies HuntEvent);
  }
}

/** The part of a reading that may be corrected later. */
function filesIn({ values }: Reading): string {
  return JSON.stringify(fileResources.map(name => values[name]));
}

/** A scenario of which nothing has been measured yet. */
function unbegun(name: string): ScenarioRun {
  const investigation = { culprits: [], explained: [], churn: [] };
  return {
    name,
    rounds: [],
    rests: [],
    end: 'interrupted',
    missed: nothingMissed,
    profiles: new ProfileLog(),
    findings: [],
    investigation,
  };
}

function plainReader({
  processes,
  heaps,
  partlyRead,
  collector,
  sourceOf,
  allocatedFrom,
  peakFrom,
}: Reader): PlainReader {
  return {
    processes,
    heaps,
    collector,
    partlyRead: [...partlyRead],
    sources: [...sourceOf],
    allocatedFrom,
    peakFrom,
  };
}
