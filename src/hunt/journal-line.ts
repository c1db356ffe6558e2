import type { Reader } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import type { Hunt, ProbeSummary, RoundRecord, ScenarioRecord } from '../record/record.js';
import type { Rest } from '../verdict/rest.js';
import type { JudgedPlan, JudgedReader } from './judged.js';

/**
 * What a hunt has come to know, told as it goes and as plain data, secrets left out as in the record: of these lines a
 * record can be made where the hunt never comes to its end (`recordFrom`).
 */
export type JournalLine =
  /** First of all: the record as it stands before the first reading, and what it is going to be judged by. */
  | { type: 'hunt'; record: Hunt; plan: JudgedPlan }
  | ReadingLine
  /** A reading that was told before, put right; `index` counts those of its scenario. */
  | { type: 'revised'; scenario: string; index: number; reading: Reading }
  | { type: 'rest'; scenario: string; rest: Rest };

/** A round and the reading after it. */
export interface ReadingLine {
  type: 'reading';
  scenario: string;
  /** Since the hunt began. */
  seconds: number;
  round: RoundRecord;
  balanced: boolean;
  bodyBytes?: number;
  reading: Reading;
  /** Of the scenario so far. */
  load: ScenarioRecord['load'];
  reader: PlainReader;
  probes: ProbeSummary[];
}

/** The facts of a reader that a verdict rests on; what is infinite in them is null in JSON. */
export interface PlainReader extends Omit<JudgedReader, 'partlyRead' | 'sourceOf'> {
  partlyRead: string[];
  sources: [string, string][];
  allocatedFrom?: Reader['allocatedFrom'];
  peakFrom?: Reader['peakFrom'];
}
