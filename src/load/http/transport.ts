import type { Response } from './response.js';

/** Called with the outcome of a request, once, and never before `send` has returned. */
export interface Receiver {
  onAnswer(answer: Response): void;
  /** `raced`: the server closed a connection that had been used before, and answered nothing. */
  onFailure(error: Error, raced: boolean): void;
}

/** Carries the requests of one client, one at a time. */
export interface Transport {
  send(url: URL, serial: number, cookie?: string): void;
  /** Breaks off the request under way. */
  cancel(error: Error): void;
  /** Closes every connection; a request under way fails with the error. */
  close(error: Error): void;
}
