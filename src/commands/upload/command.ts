import { Command } from 'commander';
import { configuredWords, givenTo, readConfig, unnamed } from '../config/config.js';
import type { Said } from '../curl/flags.js';
import { addCurlOptions, addOtherCurlOptions } from '../curl/group.js';
import { type CurlRequest, requestOf } from '../curl/request.js';
import { addHelp } from '../program/help.js';
import { passed } from '../program/passing.js';
import type { Returning, Streams } from '../program/streams.js';
import type { Flags } from './flags.js';
import { addHuntOptions, defaultUrl, firstOptions, huntAndReport, targetUrl } from './upload.js';

/** `leakhunt upload [url]`: hunts, reports, and returns the verdict's exit code. */
export function uploadCommand(command: Command, streams: Streams, returning: Returning): void {
  command.argument(
    '[url]',
    `where to upload to (default: $LEAKHUNT_URL, the config file's, or ${defaultUrl})`,
  );
  addUploadOptions(command);
  addHelp(command, { first: firstOptions, exitCodes: {} });
  const given = givenTo(command);

  command.action(
    returning(async (operand: string | undefined, { config: path }: ConfigFlags) => {
      const config = await readConfig(path, streams);
      if (operand !== undefined) given.push({ key: 'url', words: ['--url', operand] });
      const { request, flags } = uploadOf(configuredWords(command, config, unnamed, given, streams.env));
      const { exitCode } = await huntAndReport(request, targetUrl(request.url, streams), flags, streams);
      return passed(exitCode, flags);
    }),
  );
}

/** The flags about the configuration itself. */
export interface ConfigFlags {
  /** A file; false: none at all. */
  config?: string | boolean;
}

/**
 * Adds every flag of `upload` to a command; values of curl's flags are appended to the list that is returned.
 */
export function addUploadOptions(command: Command): Said[] {
  const said: Said[] = [];
  addHuntOptions(command, () => addCurlOptions(command, said));
  command
    .optionsGroup('Configuration:')
    .option(
      '--config <file>',
      'read options from this file; those on the command line win (default: leakhunt.config.*)',
    )
    .option('--no-config', 'read no configuration file');
  addOtherCurlOptions(command, said);
  return said;
}

/** The hunt that the words of a whole command line describe. Throws as the command line does. */
export function uploadOf(words: string[]): { request: CurlRequest; flags: Flags } {
  const command = new Command('upload').exitOverride();
  const said = addUploadOptions(command);
  command.parse(words, { from: 'user' });
  return { request: requestOf(said), flags: command.opts() };
}
