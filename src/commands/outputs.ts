import { type FileHandle, open } from 'node:fs/promises';
import { codeOf, messageOf, usageError } from '../errors.js';
import type { Hunt } from '../hunt/record.js';
import { type FormatName, formats } from '../reports/index.js';
import { terminal } from '../reports/terminal.js';
import { lookOf, type Streams } from './streams.js';

/** Where the reports of a hunt go. */
export interface Outputs {
  write(hunt: Hunt): Promise<void>;
}

/**
 * Opens every report's file before the hunt, so that a bad path fails before the work; a file that is
 * there keeps its content until the report is written. `-` is standard output, in place of the report for people.
 */
export async function openOutputs(
  streams: Streams,
  wanted: Partial<Record<FormatName, string | undefined>>,
): Promise<Outputs> {
  const chosen = Object.entries(wanted).filter((each): each is [FormatName, string] => each[1] !== undefined);
  const files = new Map<FormatName, FileHandle>();
  for (const [format, path] of chosen) if (path !== '-') files.set(format, await openFile(format, path));

  return {
    async write(hunt) {
      for (const [format, path] of chosen) if (path === '-') streams.stdout.write(formats[format](hunt));
      if (!chosen.some(([, path]) => path === '-')) {
        streams.stdout.write(terminal(hunt, lookOf(streams.stdout, streams.env)));
      }
      for (const [format, file] of files) {
        await file.truncate();
        await file.write(formats[format](hunt), 0);
        await file.close();
      }
    },
  };
}

async function openFile(format: FormatName, path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a').then(async file => {
      await file.close();
      return open(path, 'r+');
    });
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'its folder does not exist' : messageOf(error);
    throw usageError(
      'BAD_OUTPUT',
      `--${format} "${path}" cannot be written (${why}): name a file in a folder that exists.`,
    );
  }
}
