import { codeOf, messageOf } from '../../errors.js';
import type { OutputStream, Streams } from './streams.js';

/** What happens to text written to the standard streams. */
export interface Screen {
  /**
   * Resolves once all is written, to the reason why some of it could not be; a reader that left is not a
   * failure.
   */
  end(): Promise<string | undefined>;
}

/**
 * Keeps a standard stream that cannot be written from ending the program, for which Node exits with 1: a
 * reader leaves (`| head`), a disk is full, a terminal is hung up. The work goes on, and ends with its own
 * exit code.
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

/**
 * Ignores the result: an error is reported by its event, which comes before the callback of a later write.
 */
function flushed(stream: OutputStream): Promise<void> {
  return new Promise(resolve => {
    if (!stream.on || stream.destroyed) resolve();
    else stream.write('', () => setImmediate(resolve));
  });
}
