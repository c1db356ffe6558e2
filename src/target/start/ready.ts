import { setTimeout as sleep } from 'node:timers/promises';
import { LeakhuntError, targetError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import { get } from '../../net/get.js';
import { dialOptionsTo, type UploadConnection } from '../../net/uploads.js';

export interface ReadyOptions {
  command: string;
  /** The address that answers, with any status, once the target is ready. */
  ready: URL;
  /** Seconds. */
  readyTimeout: number;
  /** How the uploads connect: readiness is checked in the same way. */
  via?: UploadConnection;
}

/** The part of the command that waiting needs. */
export interface Starter {
  /** Whether it ended with a failure: the target will never be ready. */
  readonly failed: boolean;
  /** How it ended in good order, if it did: one that hands over to a daemon or to a container does. */
  readonly handover: string | undefined;
}

/** Waits until the target answers, or its command has failed. */
export async function untilReady(
  { ready, readyTimeout, command, via }: ReadyOptions,
  starter: Starter,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + readyTimeout * 1000;
  while (!(await answers(ready, via)) && !starter.failed) {
    if (signal?.aborted) {
      throw new LeakhuntError(
        'INTERRUPTED',
        'Interrupted before the target was ready.',
        exitCodes.interrupted,
      );
    }
    if (performance.now() > deadline) {
      const ended = starter.handover === undefined ? '' : ` The command of --start: ${starter.handover}`;
      throw targetError(
        'NOT_READY',
        `--start "${command}" did not respond at ${ready.origin}${ready.pathname} within ${readyTimeout} s: ` +
          `check the address (--ready), or raise --ready-timeout.${ended}`,
      );
    }
    await sleep(25);
  }
}

/** Whether anything answers HTTP there, with any status. */
async function answers(url: URL, via?: UploadConnection): Promise<boolean> {
  try {
    const { body } = await get(url, dialOptionsTo(url, via), { signal: AbortSignal.timeout(2_000) });
    await body.dump();
    return true;
  } catch {
    return false;
  }
}
