import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  isSpace,
  openBrace,
  openBracket,
  quote,
} from './json-bytes.js';
import { NumberScanner } from './number-scanner.js';
import { ScanError, type Sections } from './sections.js';

const longestHeader = 2 ** 20;
const longestKey = 100;

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

/** Reads the JSON of a heap snapshot byte by byte, as it comes. No part of the text is kept. */
export class Scanner {
  readonly #to: Sections;
  #state: State = State.Start;
  #key = '';
  /**
   * For a value that is skipped, or the header: how deep it is nested, and whether in a string or after a
   * backslash.
   */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #header: number[] = [];
  #numbers: NumberScanner | undefined;
  #firstString = true;

  constructor(to: Sections) {
    this.#to = to;
  }

  /** Continues where the last piece ended. */
  write(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === State.Numbers) at = this.#readNumbers(bytes, at);
      else if (this.#state === State.String) at = this.#string(bytes, at);
      else if (this.#state === State.Skip || this.#state === State.Header) at = this.#nested(bytes, at);
      else this.#one(bytes[at++]!);
    }
  }

  end(): void {
    if (this.#state !== State.Done) throw new ScanError('it is cut off');
  }

  /** One byte between the values. */
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
    } else if (this.#state === State.Colon && byte === colon) this.#state = State.Value;
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
      this.#numbers = new NumberScanner(this.#to, this.#key, together);
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

  #readNumbers(bytes: Uint8Array, from: number): number {
    const end = this.#numbers!.scan(bytes, from);
    if (end !== undefined) this.#state = State.CommaOrEnd;
    return end ?? bytes.length;
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
