import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeOf, type LeakhuntError, messageOf, usageError } from '../../errors.js';

/** A configuration as it was written, and the name that messages use for it. */
export interface ConfigFile {
  name: string;
  value: unknown;
}

/** A configuration is looked for in the current folder only: code of other folders is not run unasked. */
export const configNames = ['leakhunt.config.json', 'leakhunt.config.mjs'] as const;
const inPackage = 'package.json#leakhunt';

/** The configuration in a file of the user's choice. Throws a usage error. */
export async function configAt(path: string, folder: string): Promise<ConfigFile> {
  const file = resolve(folder, path);
  if (basename(file) === 'package.json') return need(await packageConfig(file), path);
  if (/\.(mjs|js)$/.test(file)) return need(await moduleConfig(file, path), path);
  if (file.endsWith('.json')) return need(await jsonConfig(file, path), path);
  throw usageError('BAD_CONFIG', `--config "${path}" is neither a .json nor an .mjs file: use one of these.`);
}

/** The configuration of a folder, or undefined. Throws a usage error if it is broken, or if there are two. */
export async function findConfig(folder: string): Promise<ConfigFile | undefined> {
  const found = [
    await jsonConfig(resolve(folder, configNames[0]), configNames[0]),
    await moduleConfig(resolve(folder, configNames[1]), configNames[1]),
    await packageConfig(resolve(folder, 'package.json')),
  ].filter(each => each !== undefined);
  if (found.length < 2) return found[0];
  const names = found.map(({ name }) => name).join(' and ');
  throw usageError('BAD_CONFIG', `There are ${names}: keep only one, or choose one with --config.`);
}

function need(found: ConfigFile | undefined, path: string): ConfigFile {
  if (found) return found;
  throw usageError(
    'BAD_CONFIG',
    `--config "${path}" contains no configuration: write one with leakhunt init.`,
  );
}

async function jsonConfig(file: string, name: string): Promise<ConfigFile | undefined> {
  const value = await parsed(file, name);
  return value === undefined ? undefined : { name, value };
}

async function packageConfig(file: string): Promise<ConfigFile | undefined> {
  const manifest = await parsed(file, 'package.json');
  if (typeof manifest !== 'object' || manifest === null || !('leakhunt' in manifest)) return undefined;
  return { name: inPackage, value: manifest.leakhunt };
}

async function parsed(file: string, name: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(file, 'utf8')).replace(/^\ufeff/, ''));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(name, error);
  }
}

/** The default export, or its result if it is a function. */
async function moduleConfig(file: string, name: string): Promise<ConfigFile | undefined> {
  try {
    await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(name, error);
  }
  try {
    const module: { default?: unknown } = await import(pathToFileURL(file).href);
    if (module.default === undefined) throw new Error('it has no default export');
    return { name, value: await (typeof module.default === 'function' ? module.default() : module.default) };
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): LeakhuntError {
  return usageError('BAD_CONFIG', `${name} could not be read (${messageOf(error)}): correct it.`, {
    cause: error,
  });
}
