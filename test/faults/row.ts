/** The parts of leakhunt that a fault tries. */
export type FaultGroup =
  | 'target'
  | 'network'
  | 'probes'
  | 'files'
  | 'streams and signals'
  | 'input'
  | 'secrets'
  | 'injection';

/** One fault that is tried on the command line, and how leakhunt answers it: a row of the table of promises. */
export interface Fault {
  /** A claim: `a full disk under standard output is said`. */
  name: string;
  group: FaultGroup;
  /** What is done, as a reader would do it again. */
  done: string;
  /** The sentence on standard error. */
  says?: RegExp;
  /** What leakhunt ends with; 128 and its number where it is a signal that ends it. */
  exitCode: number;
  /** Whether a readable record is in `.leakhunt/` afterwards; not looked at where it is not said. */
  record?: boolean;
  /** Does it, in a folder that is empty and its own. */
  run(folder: string): Promise<Ended>;
}

/** What came of a program that was run. */
export interface Ended {
  /** As a shell tells it: 128 and its number for a signal. */
  code: number;
  stdout: string;
  stderr: string;
}
