import { messageOf, usageError } from '../../errors.js';
import type { Hunt } from '../../record/record.js';
import { folderOf, type Streams } from '../program/streams.js';
import { defaultKept, savedFolder, saveHunt } from './saved.js';

/** The flags about keeping hunts. */
export interface KeepFlags {
  save?: boolean;
  keep?: number;
}

const mostKept = 100_000;

/** How many hunts are kept; 0 for none, not even this one. Throws a usage error. */
export function keptOf({ save = true, keep = defaultKept }: KeepFlags): number {
  if (keep >= 1 && keep <= mostKept) return save ? keep : 0;
  throw usageError(
    'BAD_NUMBER',
    `--keep ${keep} is out of range: give 1 or more, or --no-save to keep none.`,
  );
}

/** Keeps a hunt and resolves to its file. If that fails, it says so, and the hunt's verdict stands. */
export async function keep(hunt: Hunt, kept: number, streams: Streams): Promise<string | undefined> {
  if (kept === 0) return undefined;
  try {
    return await saveHunt(hunt, folderOf(streams), kept);
  } catch (error) {
    const why = messageOf(error);
    streams.stderr.write(
      `leakhunt: this hunt could not be saved in ${savedFolder}/ (${why}): save it elsewhere with --json, or silence this with --no-save.\n`,
    );
    return undefined;
  }
}
