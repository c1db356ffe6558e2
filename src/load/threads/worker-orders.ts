import type { ExitCode } from '../../exit-codes.js';
import type { SharedBody } from '../body/shared-body.js';
import type { RoundResult } from '../connections/result.js';
import type { Share } from '../connections/share.js';
import type { UploadRequest } from '../request.js';

/** A message to a thread. */
export type Order = { type: 'round'; request: SharedRequest; share: Share } | { type: 'abort' };

/** A message from a thread: its progress and, once, the result of its share. */
export type Report =
  | { type: 'progress'; done: number }
  | { type: 'result'; result: RoundResult }
  | { type: 'failed'; message: string; code?: string; exitCode?: ExitCode };

/** A request as plain data. */
export interface SharedRequest extends Omit<UploadRequest, 'url' | 'body'> {
  url: string;
  body: SharedBody;
}
