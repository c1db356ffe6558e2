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
    .argument('[url]', 'where uploads go (default: LEAKHUNT_URL, then http://localhost:8000/upload)')
    .option('--json', 'write leakhunt.config.json, which has no comments')
    .option('--force', 'replace a configuration that is there')
    .option('--debug', 'show where an error comes from')
    .action(async (operand: string | undefined, { json, force }: Flags) => {
      const folder = folderOf(streams);
      const [jsonName, moduleName] = configNames;
      const [name, other] = json ? [jsonName, moduleName] : [moduleName, jsonName];
      await refuse(folder, other, 'there can be but one: remove it first');
      if (!force) await refuse(folder, name, 'it stays as it is: --force replaces it');
      const url = targetUrl(operand, streams);
      parseUrl(url);
      const config = firstConfig(
        url,
        await surveyed({ ...connectionIn(requestOf(said).options, streams.env), url }),
      );
      await write(join(folder, name), json ? jsonText(config) : moduleText(config), name, force);
      streams.stdout.write(next(name, config));
    });
  addConnectionOptions(command.optionsGroup("Connection, as curl's:"), said);
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
      throw usageError('CONFIG_EXISTS', `There is a ${name}, and it stays as it is: --force replaces it.`);
    }
    throw usageError(
      'BAD_OUTPUT',
      `${name} cannot be written (${messageOf(error)}): run leakhunt where it can.`,
    );
  }
}

function next(name: string, { unread, variables }: FirstConfig): string {
  const lines = [`Wrote ${name}.`];
  if (unread !== undefined) lines.push(`Nothing was read of the target: ${plain(unread)}`);
  if (variables.length > 0) lines.push(`It holds no secret of the URL: set ${variables.join(', ')}.`);
  lines.push(
    unread === undefined
      ? 'Next: leakhunt upload, which takes its flags from there.'
      : 'Next: start the target, or set "start" there; then leakhunt upload.',
  );
  return `${lines.join('\n')}\n`;
}
