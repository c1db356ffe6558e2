import { codeOf, messageOf } from '../../errors.js';
import type { OutputStream, Streams } from './streams.js';

/** What becomes of what is written to the standard streams. */
export interface Screen {
  /** Resolves once all is written, to why some of it could not be; a reader that has gone wanted no more. */
  end(): Promise<string | undefined>;
}

/**
 * Keeps a standard stream that cannot be written from ending the program, which Node does with 1: a reader goes away
 * (`| head`), a disk is full, a terminal is hung up. The work goes on, and ends with its own code.
 */
export function watchScreen({ stdout, stderr }: Pick<Streams, 'stdout' | 'stderr'>): Screen {
  let lost: string | undefined;
  stdout.on?.('error', error => {
    if (codeOf(error) !== 'EPIPE')
      lost ??= codeOf(error) === 'ENOSPC' ? 'the disk is full' : messageOf(error);
  });
  stderr.on?.('error', () => {});
  return {
    async end() {
      await flushed(stdout);
      return lost;
    },
  };
}

/** Whatever became of it: an error is told by its event, which comes before the answer to a later write. */
function flushed(stream: OutputStream): Promise<void> {
  return new Promise(resolve => {
    if (!stream.on || stream.destroyed) resolve();
    else stream.write('', () => setImmediate(resolve));
  });
}
