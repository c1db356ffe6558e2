import type { Response } from './response.js';

/** Learns what became of a request, once, and never before `send` has returned. */
export interface Receiver {
  onAnswer(answer: Response): void;
  /** `raced`: the server closed a connection that had served before, and nothing was answered. */
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
