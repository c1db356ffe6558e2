import { FirstLine, field, fields, notHttp } from './response-parts.js';
import { TextSearch } from './text-search.js';

/** What is kept of a response. */
export interface Response {
  status: number;
  /** The URL that a redirect points to. */
  location?: string;
  /** The first line of the body, for any status but 2xx and for a connection's first 2xx. */
  firstLine?: string;
  /** Whether the body contains the text that is looked for, if there is one. */
  contains?: boolean;
  /** The Set-Cookie fields of a redirect. */
  cookies?: string[];
  /** Whether the connection may carry another request. */
  reusable: boolean;
}

type State = 'head' | 'length' | 'chunk-size' | 'chunk-data' | 'trailer' | 'until-close' | 'done';

const longestHead = 64 * 1024;
const longestChunkLine = 16 * 1024;
const longestKept = 1024;

/**
 * Reads one HTTP/1.1 response (RFC 9112) from the bytes of a connection, in constant memory: it keeps the
 * body's first line if that is needed, looks for a text if there is one, and counts the rest. Interim
 * responses (1xx) are skipped.
 */
export class ResponseParser {
  #state: State = 'head';
  /** Bytes that cannot be parsed before more arrive. */
  #pending: Buffer | undefined;
  #left = 0;
  #status = 0;
  #location: string | undefined;
  #cookies: string[] | undefined;
  /** Whether a 100 (Continue) has come. */
  continued = false;
  #keepAlive = true;
  #text = new FirstLine();
  readonly #search: TextSearch | undefined;
  /** True until the first 2xx. */
  #first = true;
  /** The last response that came whole in one piece, and its bytes: servers repeat themselves. */
  #last: { bytes: Buffer; answer: Response } | undefined;

  /** `text` is the text to look for in the bodies. */
  constructor(text?: string) {
    if (text !== undefined) this.#search = new TextSearch(text);
  }

  /** Prepares for the next response on the same connection. */
  reset(): void {
    this.#state = 'head';
    this.#pending = undefined;
    this.#text.clear();
    this.#search?.clear();
    this.continued = false;
  }

  /** Whether anything of the response has arrived. */
  get begun(): boolean {
    return this.#state !== 'head' || this.#pending !== undefined;
  }

  /**
   * Takes the next bytes; returns the response once it is whole. Throws for bytes that are not an HTTP/1.1
   * response.
   */
  push(bytes: Buffer): Response | undefined {
    const whole = !this.begun;
    if (whole && this.#last?.bytes.equals(bytes)) {
      this.#state = 'done';
      return this.#last.answer;
    }
    let chunk = bytes;
    if (this.#pending) {
      chunk = Buffer.concat([this.#pending, bytes]);
      this.#pending = undefined;
    }
    let at = 0;
    while (at < chunk.length && this.#state !== 'done') {
      const next = this.#step(chunk, at);
      if (next === undefined) {
        this.#pending = Buffer.from(chunk.subarray(at));
        return undefined;
      }
      at = next;
    }
    if (this.#state !== 'done') return undefined;
    const answer = this.#answer(at === chunk.length);
    if (whole && bytes.length < longestKept) this.#last = { bytes: Buffer.from(bytes), answer };
    return answer;
  }

  /** The connection has ended: returns the response if its end marks the end of the body. */
  end(): Response | undefined {
    return this.#state === 'until-close' ? this.#answer(false) : undefined;
  }

  /** Consumes what it can from `at` on; returns where to go on, or undefined if more bytes are needed. */
  #step(chunk: Buffer, at: number): number | undefined {
    switch (this.#state) {
      case 'head':
        return this.#head(chunk, at);
      case 'chunk-size':
        return this.#chunkSize(chunk, at);
      case 'trailer':
        return this.#trailer(chunk, at);
      case 'length':
      case 'chunk-data':
        return this.#body(chunk, at);
      default:
        this.#keep(chunk, at, chunk.length);
        return chunk.length;
    }
  }

  #head(chunk: Buffer, at: number): number | undefined {
    const end = chunk.indexOf('\r\n\r\n', at);
    if (end < 0) {
      if (chunk.length - at > longestHead) throw new Error('the response headers are longer than 64 KiB');
      if (!'HTTP/1.'.startsWith(chunk.toString('latin1', at, Math.min(at + 7, chunk.length))))
        throw notHttp(chunk, at);
      return undefined;
    }
    const head = chunk.toString('latin1', at, end);
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(head)?.[1]);
    if (Number.isNaN(status)) throw notHttp(chunk, at);
    if (status >= 100 && status < 200) {
      this.continued ||= status === 100;
      return end + 4;
    }
    this.#status = status;
    this.#keepAlive = head.startsWith('HTTP/1.1') && !/\r\nconnection:[^\r]*\bclose\b/i.test(head);
    const redirects = status >= 300 && status < 400;
    this.#location = redirects ? field(head, 'location') : undefined;
    this.#cookies = redirects ? fields(head, 'set-cookie') : undefined;
    this.#state = this.#framing(head, status);
    return end + 4;
  }

  /** How the body ends: RFC 9112, section 6.3. */
  #framing(head: string, status: number): State {
    if (status === 204 || status === 304) return 'done';
    const encoding = field(head, 'transfer-encoding');
    if (encoding !== undefined) return /\bchunked\s*$/i.test(encoding) ? 'chunk-size' : 'until-close';
    const length = field(head, 'content-length');
    if (length === undefined) return 'until-close';
    if (!/^\d{1,15}$/.test(length))
      throw new Error(`the answer's Content-Length is "${length.slice(0, 40)}"`);
    this.#left = Number(length);
    return this.#left === 0 ? 'done' : 'length';
  }

  #body(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    const inChunk = this.#state === 'chunk-data';
    this.#keep(chunk, at, inChunk ? Math.min(end, at + this.#left - 2) : end);
    this.#left -= end - at;
    if (this.#left === 0) this.#state = inChunk ? 'chunk-size' : 'done';
    return end;
  }

  #chunkSize(chunk: Buffer, at: number): number | undefined {
    const end = this.#lineEnd(chunk, at);
    if (end === undefined) return undefined;
    const size = /^([0-9a-f]{1,12})\s*(?:;|$)/i.exec(chunk.toString('latin1', at, end))?.[1];
    if (size === undefined) throw new Error('the chunks of the response are malformed');
    this.#left = Number.parseInt(size, 16) + 2; // with the line end behind the data
    this.#state = this.#left === 2 ? 'trailer' : 'chunk-data';
    return end + 2;
  }

  #trailer(chunk: Buffer, at: number): number | undefined {
    const end = this.#lineEnd(chunk, at);
    if (end === undefined) return undefined;
    if (end === at) this.#state = 'done';
    return end + 2;
  }

  #lineEnd(chunk: Buffer, at: number): number | undefined {
    const end = chunk.indexOf('\r\n', at);
    if (end >= 0) return end;
    if (chunk.length - at > longestChunkLine) throw new Error('the chunks of the response are malformed');
    return undefined;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    if (this.#first || this.#search || this.#status >= 300) this.#text.add(chunk, from, to);
    this.#search?.add(chunk, from, to);
  }

  #answer(reusable: boolean): Response {
    if (this.#status < 300) this.#first = false;
    return {
      status: this.#status,
      location: this.#location,
      cookies: this.#cookies,
      firstLine: this.#text.line,
      contains: this.#search?.found,
      reusable: reusable && this.#keepAlive,
    };
  }
}
