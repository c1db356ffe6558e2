import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { codeOf, LeakhuntError, messageOf, usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import { survey } from '../../hunt/survey.js';
import { parseUrl } from '../../hunt/upload-url.js';
import { connectionIn } from '../../net/environment.js';
import { plain } from '../../reports/text/plain.js';
import { configNames } from '../config/file.js';
import type { Said } from '../curl/flags.js';
import { addConnectionOptions } from '../curl/group.js';
import { requestOf } from '../curl/request.js';
import { addHelp } from '../program/help.js';
import { folderOf, type Streams } from '../program/streams.js';
import { targetUrl } from '../upload/upload.js';
import { type FirstConfig, firstConfig, jsonText, moduleText } from './config.js';

interface Flags {
  json?: boolean;
  force?: boolean;
}

/** `leakhunt init [url]`: writes a configuration from what can be read from the target, without an upload. */
export function initCommand(command: Command, streams: Streams): void {
  const said: Said[] = [];
  command
    .argument('[url]', 'where to upload to (default: $LEAKHUNT_URL, then http://localhost:8000/upload)')
    .option('--json', 'write leakhunt.config.json (without comments) instead')
    .option('--force', 'replace an existing configuration file')
    .option('--debug', 'print the stack trace of an error')
    .action(async (operand: string | undefined, { json, force }: Flags) => {
      const folder = folderOf(streams);
      const [jsonName, moduleName] = configNames;
      const [name, other] = json ? [jsonName, moduleName] : [moduleName, jsonName];
      await refuse(folder, other, 'only one is allowed: remove it first');
      if (!force) await refuse(folder, name, 'it was not changed: replace it with --force');
      const url = targetUrl(operand, streams);
      parseUrl(url);
      const config = firstConfig(
        url,
        await surveyed({ ...connectionIn(requestOf(said).options, streams.env), url }),
      );
      await write(join(folder, name), json ? jsonText(config) : moduleText(config), name, force);
      streams.stdout.write(next(name, config));
    });
  addConnectionOptions(command, said);
  addHelp(command, { first: ['--json', '--force', '--debug'] });
}

async function refuse(folder: string, name: string, why: string): Promise<void> {
  const found = await access(join(folder, name)).then(
    () => true,
    () => false,
  );
  if (found) throw usageError('CONFIG_EXISTS', `There is a ${name}, and ${why}.`);
}

/** A target that is not running yet can be configured all the same. */
async function surveyed(options: Parameters<typeof survey>[0]) {
  try {
    return await survey(options);
  } catch (error) {
    if (!(error instanceof LeakhuntError) || error.exitCode !== exitCodes.unmeasurable) throw error;
    return { unread: error.message };
  }
}

async function write(path: string, text: string, name: string, force?: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw usageError(
        'CONFIG_EXISTS',
        `There is a ${name}, and it was not changed: replace it with --force.`,
      );
    }
    throw usageError(
      'BAD_OUTPUT',
      `${name} could not be written (${messageOf(error)}): run leakhunt in a folder that you can write to.`,
    );
  }
}

function next(name: string, { unread, variables }: FirstConfig): string {
  const lines = [`Wrote ${name}.`];
  if (unread !== undefined) lines.push(`The target could not be read: ${plain(unread)}`);
  if (variables.length > 0) lines.push(`The secrets of the URL were left out: set ${variables.join(', ')}.`);
  lines.push(
    unread === undefined
      ? 'Next: run leakhunt upload, which reads its options from this file.'
      : 'Next: start the target, or set "start" in the file; then run leakhunt upload.',
  );
  return `${lines.join('\n')}\n`;
}
