import type { Command } from 'commander';
import { usageError } from '../errors.js';
import { curlRequestOf, hasBody } from './curl/line.js';
import { passed } from './program/passing.js';
import type { Returning, Streams } from './program/streams.js';
import { type Flags, generates } from './upload/flags.js';
import { addHuntOptions, huntAndReport } from './upload/upload.js';

/** `leakhunt curl -- <command>`: the same for a whole curl command, unchanged. */
export function curlCommand(command: Command, streams: Streams, returning: Returning): void {
  command
    .usage('[options] -- <curl command>')
    .argument('[words...]', "curl's words, or all of them in one")
    .showHelpAfterError(
      "(curl's own options go behind --, as in: leakhunt curl --n 100 -- curl -F file=@foo.pdf URL)",
    );
  addHuntOptions(command);

  command.action(
    returning(async (words: string[], flags: Flags) => {
      if (words.length === 0 || !streams.argv.includes('--')) {
        throw usageError(
          'BAD_CURL',
          'No curl command behind --: write it as in leakhunt curl --n 100 -- curl -F file=@foo.pdf URL.',
        );
      }
      const request = curlRequestOf(words);
      if (!hasBody(request) && !generates(flags)) {
        throw usageError(
          'BAD_CURL',
          'The curl command uploads nothing: add -F, -d or -T to it, or --size before -- to upload a generated file.',
        );
      }
      const { exitCode } = await huntAndReport(request, request.url!, flags, streams);
      return passed(exitCode, flags);
    }),
  );
}
