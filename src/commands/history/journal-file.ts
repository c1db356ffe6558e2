import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import type { HuntEvent } from '../../hunt/events.js';
import type { JournalLine } from '../../hunt/journal-line.js';
import { ownerName } from '../../target/processes/owner.js';
import { folderOf, type Streams } from '../program/streams.js';
import { recoverKilled } from './recover.js';
import { savedFolder, savedHome, timeIn } from './saved.js';

/** Writes down what hunts learn, line by line, so that a killed hunt is not lost. */
export interface JournalFile {
  onEvent(event: HuntEvent): void;
  /** Removes what was written: the records are kept, or there is nothing to keep. */
  remove(): void;
  /** Leaves what failed hunts have read to the next command. */
  leave(): void;
}

/**
 * A journal in `.leakhunt/`, named after the second in which the hunt began and its writer. Each line is one
 * write: what the system has accepted survives a kill. A failure to write is reported once, and the hunt goes
 * on.
 */
export async function journalFile(kept: number, streams: Streams): Promise<JournalFile> {
  const none = { onEvent: () => {}, remove: () => {}, leave: () => {} };
  if (kept === 0) return none;
  await recoverKilled(streams, kept);
  const owner = await ownerName();
  const paths: string[] = [];
  let file: number | undefined;
  let hasReadings = false;

  function write(line: JournalLine) {
    if (line.type === 'hunt') {
      close();
      const home = savedHome(folderOf(streams));
      const path = join(home, `${timeIn(line.record.leakhunt.startedAt)}.${owner}.${paths.length}.journal`);
      file = openSync(path, 'wx');
      paths.push(path);
    }
    if (file === undefined) return;
    writeSync(file, `${JSON.stringify(line)}\n`);
    hasReadings ||= line.type === 'reading';
  }

  function close() {
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  function remove() {
    close();
    for (const path of paths.splice(0)) rmSync(path, { force: true });
  }

  return {
    onEvent(event) {
      if (event.type !== 'journal') return;
      try {
        write(event.line);
      } catch (error) {
        const wasOpen = file !== undefined;
        close();
        // That the folder cannot be written at all is reported when the hunt is kept.
        if (wasOpen)
          streams.stderr.write(
            `leakhunt: readings could not be saved in ${savedFolder}/ during the hunt (${messageOf(error)}): if leakhunt is killed, they are lost.\n`,
          );
      }
    },
    remove,
    leave: () => (hasReadings ? close() : remove()),
  };
}
