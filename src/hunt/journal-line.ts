import type { Reader } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import type { Hunt, ProbeSummary, RoundRecord, ScenarioRecord } from '../record/record.js';
import type { Rest } from '../verdict/rest.js';
import type { JudgedPlan, JudgedReader } from './judged.js';

/**
 * What a hunt has learned, line by line, as plain data and without secrets, as in the record. If the hunt
 * never ends properly, a record can be made from these lines (`recordFrom`).
 */
export type JournalLine =
  /** The first line: the record as it stands before the first reading, and the settings for the verdict. */
  | { type: 'hunt'; record: Hunt; plan: JudgedPlan }
  | ReadingLine
  /** A correction of an earlier reading; `index` counts the readings of its scenario. */
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
  /** The load of the scenario so far. */
  load: ScenarioRecord['load'];
  reader: PlainReader;
  probes: ProbeSummary[];
}

/** The facts about a reader that a verdict rests on; JSON turns what is infinite in them into null. */
export interface PlainReader extends Omit<JudgedReader, 'partlyRead' | 'sourceOf'> {
  partlyRead: string[];
  sources: [string, string][];
  allocatedFrom?: Reader['allocatedFrom'];
  peakFrom?: Reader['peakFrom'];
}
