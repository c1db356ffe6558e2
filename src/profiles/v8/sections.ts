/**
 * Receives the sections of a .heapsnapshot in the order in which they come. Its JSON (V8's
 * heap-snapshot-generator.cc, `HeapSnapshotJSONSerializer`) is one object whose values are an object
 * (`snapshot`), arrays of numbers and one of strings. An error that is thrown here ends the scan.
 */
export interface Sections {
  /** The text of the object `snapshot`. */
  header(text: string): void;
  /** Returns how many numbers of this section belong together; 0 if they are not wanted. */
  openNumbers(section: string): number;
  /** `count` numbers, a multiple of what `openNumbers` returned; the array is used again. */
  numbers(batch: Float64Array, count: number): void;
  closeNumbers(): void;
  openStrings(): void;
  /** A part of the string that is open, as it stands between its quotes. */
  stringPart(bytes: Uint8Array, start: number, end: number): void;
  closeString(): void;
}

/** Why a scan ended; completes a sentence. */
export class ScanError extends Error {
  override name = 'ScanError';
}
