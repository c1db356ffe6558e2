import type { Command } from 'commander';
import { usageError } from '../errors.js';
import { curlRequestOf, hasBody } from './curl/line.js';
import { addHelp } from './program/help.js';
import { passed } from './program/passing.js';
import type { Returning, Streams } from './program/streams.js';
import { type Flags, generates } from './upload/flags.js';
import { addHuntOptions, firstOptions, huntAndReport } from './upload/upload.js';

/** What the curl command says itself. */
const ofRequest = ['--form', '--header'];

/** `leakhunt curl -- <command>`: the same for a whole curl command, unchanged. */
export function curlCommand(command: Command, streams: Streams, returning: Returning): void {
  command
    .usage('[options] -- <curl command>')
    .argument('[words...]', 'the curl command, as it is or in one pair of quotes')
    .showHelpAfterError(
      "(curl's own options go after --, as in: leakhunt curl -n 100 -- curl -F file=@foo.pdf URL)",
    );
  addHuntOptions(command);
  addHelp(command, { first: firstOptions.filter(name => !ofRequest.includes(name)), exitCodes: {} });

  command.action(
    returning(async (words: string[], flags: Flags) => {
      if (words.length === 0 || !streams.argv.includes('--')) {
        throw usageError(
          'BAD_CURL',
          'There is no curl command after --: write, for example, leakhunt curl -n 100 -- curl -F file=@foo.pdf URL.',
        );
      }
      const request = curlRequestOf(words);
      if (!hasBody(request) && !generates(flags)) {
        throw usageError(
          'BAD_CURL',
          'The curl command uploads nothing: add -F, -d or -T to it, or put --size before -- to upload a generated file.',
        );
      }
      const { exitCode } = await huntAndReport(request, request.url!, flags, streams);
      return passed(exitCode, flags);
    }),
  );
}
