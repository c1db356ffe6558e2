/**
 * The JSON of a .heapsnapshot (V8's heap-snapshot-generator.cc, `HeapSnapshotJSONSerializer`), read byte by byte
 * as it comes: one object whose values are an object (`snapshot`), arrays of numbers and one of strings. No part
 * of the text is kept.
 */

/** What takes in the sections in the order in which they come. What it throws ends the scan. */
export interface Sections {
  /** The text of the object `snapshot`. */
  header(text: string): void;
  /** How many numbers of this section belong together; 0 where they are not wanted. */
  openNumbers(section: string): number;
  /** `count` numbers, a multiple of what `openNumbers` said; the array is used again. */
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

const longestHeader = 2 ** 20;
const longestKey = 100;
/** About as many numbers are handed over at once. */
const batchSize = 8_000;
/** In place of a number's digits once a space has ended it. */
const ended = 64;
const mostDigits = 16;

enum State {
  Start,
  KeyOrEnd,
  Key,
  Colon,
  Value,
  Skip,
  Header,
  Numbers,
  BetweenStrings,
  String,
  CommaOrEnd,
  Done,
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export class Scanner {
  readonly #to: Sections;
  #state: State = State.Start;
  #key = '';
  /** Of a value that is skipped or is the header: how deep, and whether in a string or behind its backslash. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #header: number[] = [];
  #batch = new Float64Array(0);
  #batched = 0;
  #read = 0;
  #number = 0;
  #digits = 0;
  #negative = false;
  #firstString = true;

  constructor(to: Sections) {
    this.#to = to;
  }

  /** Reads on where the last piece ended. */
  write(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === State.Numbers) at = this.#numbers(bytes, at);
      else if (this.#state === State.String) at = this.#string(bytes, at);
      else if (this.#state === State.Skip || this.#state === State.Header) at = this.#nested(bytes, at);
      else this.#one(bytes[at++]!);
    }
  }

  end(): void {
    if (this.#state !== State.Done) throw new ScanError('it is cut off');
  }

  /** One byte of what stands between the values. */
  #one(byte: number): void {
    if (this.#state === State.Key) {
      if (byte === quote) this.#state = State.Colon;
      else if (this.#key.length < longestKey) this.#key += String.fromCharCode(byte);
      else throw new ScanError('one of its keys is cut off');
      return;
    }
    if (isSpace(byte)) return;
    if (this.#state === State.Start && byte === openBrace) this.#state = State.KeyOrEnd;
    else if (this.#state === State.KeyOrEnd && byte === quote) {
      this.#state = State.Key;
      this.#key = '';
    } else if (this.#state === State.Colon && byte === 0x3a) this.#state = State.Value;
    else if (this.#state === State.Value) this.#open(byte);
    else if (this.#state === State.CommaOrEnd && byte === comma) this.#state = State.KeyOrEnd;
    else if (this.#state === State.CommaOrEnd && byte === closeBrace) this.#state = State.Done;
    else if (this.#state === State.BetweenStrings) this.#betweenStrings(byte);
    else throw new ScanError('it is not the JSON of a heap snapshot');
  }

  /** The first byte of a value. */
  #open(byte: number): void {
    if (byte === openBracket && this.#key === 'strings') {
      this.#to.openStrings();
      this.#firstString = true;
      this.#state = State.BetweenStrings;
      return;
    }
    const together = byte === openBracket ? this.#to.openNumbers(this.#key) : 0;
    if (together > 0) {
      this.#batch = new Float64Array(Math.ceil(batchSize / together) * together);
      this.#batched = this.#read = this.#number = this.#digits = 0;
      this.#negative = false;
      this.#state = State.Numbers;
      return;
    }
    if (byte !== openBracket && byte !== openBrace)
      throw new ScanError(`its "${this.#key}" is neither an object nor an array`);
    this.#depth = 1;
    this.#inString = this.#escaped = false;
    this.#header = [byte];
    this.#state = this.#key === 'snapshot' ? State.Header : State.Skip;
  }

  #numbers(bytes: Uint8Array, from: number): number {
    let number = this.#number;
    let digits = this.#digits;
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (byte >= 0x30 && byte <= 0x39) {
        number = number * 10 + (byte - 0x30);
        digits += 1;
      } else if (byte === comma) {
        this.#take(number, digits);
        number = digits = 0;
      } else if (byte === closeBracket) {
        if (digits > 0 || this.#read > 0) this.#take(number, digits);
        this.#flush();
        this.#to.closeNumbers();
        this.#state = State.CommaOrEnd;
        return at + 1;
      } else if (isSpace(byte)) {
        if (digits > 0 && digits <= mostDigits) digits = ended;
      } else if (byte === 0x2d && digits === 0 && !this.#negative) {
        this.#negative = true;
      } else throw new ScanError(`something in its ${this.#key} is not a number`);
    }
    this.#number = number;
    this.#digits = digits;
    return bytes.length;
  }

  #take(number: number, digits: number): void {
    if (digits === 0 || (digits > mostDigits && digits !== ended) || number > Number.MAX_SAFE_INTEGER) {
      throw new ScanError(`something in its ${this.#key} is not a number`);
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

  #betweenStrings(byte: number): void {
    if (byte === quote) {
      this.#firstString = this.#escaped = false;
      this.#state = State.String;
    } else if (byte === closeBracket) this.#state = State.CommaOrEnd;
    else if (byte !== comma || this.#firstString)
      throw new ScanError('something in its strings is not a string');
  }

  #string(bytes: Uint8Array, from: number): number {
    let escaped = this.#escaped;
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (escaped) escaped = false;
      else if (byte === backslash) escaped = true;
      else if (byte === quote) {
        this.#to.stringPart(bytes, from, at);
        this.#to.closeString();
        this.#state = State.BetweenStrings;
        return at + 1;
      }
    }
    this.#escaped = escaped;
    this.#to.stringPart(bytes, from, bytes.length);
    return bytes.length;
  }

  /** An object or array of any content, up to its end; the header's text is kept. */
  #nested(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (this.#state === State.Header && this.#header.push(byte) > longestHeader) {
        throw new ScanError('its header is cut off');
      }
      if (this.#escaped) this.#escaped = false;
      else if (this.#inString) {
        if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (byte === quote) this.#inString = true;
      else if (byte === openBracket || byte === openBrace) this.#depth += 1;
      else if (byte === closeBracket || byte === closeBrace) {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        if (this.#state === State.Header) {
          this.#to.header(new TextDecoder().decode(Uint8Array.from(this.#header)));
        }
        this.#state = State.CommaOrEnd;
        return at + 1;
      }
    }
    return bytes.length;
  }
}
