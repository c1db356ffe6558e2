import type { RoundKind } from '../load/round.js';
import type { Missing } from '../probes/discover.js';
import type { Probe } from '../probes/probe.js';
import type { ReaderTimes } from '../probes/reader.js';
import type { Reading } from '../probes/reading.js';
import type { Target } from '../target/locate/locate.js';
import type { Finding } from '../verdict/finding.js';
import type { JournalLine } from './journal-line.js';
import type { ProfileFile } from './profile-files.js';

/** The events of a hunt while it runs. */
export type HuntEvent =
  | { type: 'target'; target: Target; probes: Probe[]; missing: Missing[] }
  /** With several scenarios, sent as each begins. */
  | { type: 'scenario'; name: string }
  | { type: 'round'; kind: RoundKind; round: number; mostRounds: number }
  | { type: 'upload'; done: number; of: number; uploadsPerSecond: number }
  /** `times`: what all readings and profiles so far took, except for this reading's own profile. */
  | { type: 'reading'; reading: Reading; times: ReaderTimes }
  /** `seconds`: how long judging took. */
  | { type: 'look'; round: number; findings: Finding[]; seconds: number }
  /** What is known so far, so that it can be written down as it comes. */
  | { type: 'journal'; line: JournalLine }
  /** At the end: the profiles as they came, and their growth. */
  | { type: 'profiles'; scenario: string; files: ProfileFile[] };
