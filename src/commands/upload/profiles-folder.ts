import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, usageError } from '../../errors.js';
import type { HuntEvent } from '../../hunt/events.js';
import { makeFolder } from '../outputs/folder.js';
import type { Streams } from '../program/streams.js';

/** Keeps the profiles of a hunt in a folder, for pprof, DevTools and speedscope. */
export interface ProfilesFolder {
  onEvent(event: HuntEvent): void;
  /** Resolves when all is written. A failure to write is reported, and the hunt's verdict stands. */
  done(): Promise<void>;
}

/** Makes the folder before the hunt, so that a bad path fails before the work; keeps nothing without one. */
export async function profilesFolder({ stderr }: Streams, folder?: string): Promise<ProfilesFolder> {
  if (folder === undefined) return { onEvent: () => {}, done: async () => {} };
  await makeFolder(folder).catch(error => {
    throw usageError(
      'BAD_OUTPUT',
      `--profiles "${folder}" could not be created (${messageOf(error)}): choose a folder that you can write to.`,
    );
  });
  const writing: Promise<void>[] = [];
  let kept = 0;
  return {
    onEvent(event) {
      if (event.type !== 'profiles') return;
      kept += event.files.length;
      writing.push(write(join(folder, folderOf(event.scenario)), event.files));
    },
    async done() {
      if (kept === 0)
        stderr.write('leakhunt: no profiles were saved, because no source of this target has any.\n');
      for (const written of await Promise.allSettled(writing)) {
        if (written.status === 'rejected')
          stderr.write(`leakhunt: a profile could not be saved: ${messageOf(written.reason)}\n`);
      }
    },
  };
}

type ProfileFiles = Extract<HuntEvent, { type: 'profiles' }>['files'];

async function write(folder: string, files: ProfileFiles): Promise<void> {
  await makeFolder(folder);
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
}

/** `abort@50%` as `abort-50`; ordinary uploads need no folder of their own. */
function folderOf(scenario: string): string {
  return scenario === 'complete' ? '' : scenario.replace(/[^a-z0-9]+/gi, '-').replace(/-$/, '');
}
