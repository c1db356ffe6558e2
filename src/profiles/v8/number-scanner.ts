import { closeBracket, comma, isSpace, minus, nine, zero } from './json-bytes.js';
import { ScanError, type Sections } from './sections.js';

/** About as many numbers are handed over at once. */
const batchSize = 8_000;
/** Replaces the count of a number's digits once a space has ended the number. */
const ended = 64;
const mostDigits = 16;

/** Reads one array of whole numbers, up to its closing bracket, and hands them over in batches. */
export class NumberScanner {
  readonly #to: Sections;
  readonly #section: string;
  readonly #batch: Float64Array;
  #batched = 0;
  #read = 0;
  #number = 0;
  #digits = 0;
  #negative = false;

  /** `together`: how many numbers belong together; a batch holds a multiple of it. */
  constructor(to: Sections, section: string, together: number) {
    this.#to = to;
    this.#section = section;
    this.#batch = new Float64Array(Math.ceil(batchSize / together) * together);
  }

  /** Returns the position after the closing bracket; undefined if the array goes on in the next piece. */
  scan(bytes: Uint8Array, from: number): number | undefined {
    let number = this.#number;
    let digits = this.#digits;
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (byte >= zero && byte <= nine) {
        number = number * 10 + (byte - zero);
        digits += 1;
      } else if (byte === comma) {
        this.#take(number, digits);
        number = digits = 0;
      } else if (byte === closeBracket) {
        if (digits > 0 || this.#read > 0) this.#take(number, digits);
        this.#flush();
        this.#to.closeNumbers();
        return at + 1;
      } else if (isSpace(byte)) {
        if (digits > 0 && digits <= mostDigits) digits = ended;
      } else if (byte === minus && digits === 0 && !this.#negative) {
        this.#negative = true;
      } else throw new ScanError(`something in its ${this.#section} is not a number`);
    }
    this.#number = number;
    this.#digits = digits;
    return undefined;
  }

  #take(number: number, digits: number): void {
    if (digits === 0 || (digits > mostDigits && digits !== ended) || number > Number.MAX_SAFE_INTEGER) {
      throw new ScanError(`something in its ${this.#section} is not a number`);
    }
    this.#read += 1;
    this.#batch[this.#batched++] = this.#negative ? -number : number;
    this.#negative = false;
    if (this.#batched === this.#batch.length) this.#flush();
  }

  #flush(): void {
    this.#to.numbers(this.#batch, this.#batched);
    this.#batched = 0;
  }
}
