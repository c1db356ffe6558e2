import { randomBytes } from 'node:crypto';
import { access, constants, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, type LeakhuntError, messageOf, usageError } from '../errors.js';
import type { Hunt } from '../hunt/record.js';
import { inert } from '../reports/github.js';
import { type FormatName, formats } from '../reports/index.js';
import type { ReportOptions } from '../reports/report-options.js';
import { terminal } from '../reports/terminal/terminal.js';
import { inGithub } from './github.js';
import { lookOf, type Streams } from './streams.js';

/** Where the reports of a hunt go. */
export interface Outputs {
  /** Whether standard output carries a report for machines. */
  stdoutTaken: boolean;
  write(hunt: Hunt): Promise<void>;
}

export interface OutputOptions extends ReportOptions {
  /** Whether the report for people shows every round. */
  verbose?: boolean;
  /** Whether there is no report for people at all. */
  silent?: boolean;
}

/** A report's file, or a device or pipe in its place. */
interface Output {
  format: FormatName;
  write(text: string): Promise<void>;
}

/**
 * Makes sure before the hunt that every report can be written, so that a bad path fails before the work.
 * A file that is there keeps its content until the new report is whole. `-` is standard output, in place
 * of the report for people.
 */
export async function openOutputs(
  streams: Streams,
  wanted: Partial<Record<FormatName, string | undefined>>,
  options: OutputOptions = {},
): Promise<Outputs> {
  const chosen = Object.entries(wanted).filter((each): each is [FormatName, string] => each[1] !== undefined);
  const toScreen = chosen.filter(([, path]) => path === '-').map(([format]) => format);
  const files: Output[] = [];
  for (const [format, path] of chosen) if (path !== '-') files.push(await openOutput(format, path));

  return {
    stdoutTaken: toScreen.length > 0,
    async write(hunt) {
      for (const format of toScreen) streams.stdout.write(formats[format](hunt, options));
      if (toScreen.length === 0 && !options.silent) streams.stdout.write(forPeople(hunt, streams, options));
      for (const { format, write } of files) await write(formats[format](hunt, options));
    },
  };
}

function forPeople(hunt: Hunt, streams: Streams, { verbose }: OutputOptions): string {
  const text = terminal(hunt, { ...lookOf(streams.stdout, streams.env), verbose });
  return inGithub(streams) ? inert(text) : text;
}

/** Makes sure that a report's file can be written. Throws a usage error. */
export async function openOutput(format: FormatName, path: string): Promise<Output> {
  try {
    const existing = await stat(path).catch(() => undefined);
    if (existing && !existing.isFile()) {
      if (existing.isDirectory()) throw new Error('it is a folder');
      await access(path, constants.W_OK);
      return { format, write: text => writeFile(path, text).catch(error => rethrow(format, path, error)) };
    }
    if (existing) await access(path, constants.W_OK);
    const part = partOf(path);
    await (await open(part, 'wx')).close();
    await rm(part);
    return { format, write: text => replace(path, part, text).catch(error => rethrow(format, path, error)) };
  } catch (error) {
    throw notWritable(format, path, error);
  }
}

/** Writes a file so that it is there as a whole, or as it was. */
export function replaceFile(path: string, text: string): Promise<void> {
  return replace(path, partOf(path), text);
}

function partOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`);
}

/** Writes beside the file and puts it in its place once it is whole. */
async function replace(path: string, part: string, text: string): Promise<void> {
  try {
    await writeFile(part, text);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function rethrow(format: FormatName, path: string, error: unknown): never {
  throw notWritable(format, path, error);
}

function notWritable(format: FormatName, path: string, error: unknown): LeakhuntError {
  const code = codeOf(error);
  const why =
    code === 'ENOENT'
      ? 'its folder does not exist'
      : code === 'ENOSPC'
        ? 'the disk is full'
        : messageOf(error);
  return usageError(
    'BAD_OUTPUT',
    `--${format} "${path}" cannot be written (${why}): name a file in a folder that exists and has room.`,
  );
}
