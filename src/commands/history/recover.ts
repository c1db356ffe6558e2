import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import type { JournalLine } from '../../hunt/journal-line.js';
import { recordFrom } from '../../hunt/journal-record.js';
import { readRecord, recordIn } from '../../record/read.js';
import type { Hunt } from '../../record/record.js';
import { json } from '../../reports/json.js';
import { hasGone, ownerName, ownerPattern } from '../../target/processes/owner.js';
import { folderOf, type Streams } from '../program/streams.js';
import { defaultKept, savedFolder, saveHunt, timeIn } from './saved.js';

const journalName = new RegExp(String.raw`^(\d{4}-[\dTZ-]+)\.(${ownerPattern})\.(\d+)\.journal$`);

/** A record that was being written. */
const partName = new RegExp(String.raw`^\.\d{4}-[\dTZ-]+\.(${ownerPattern})\.part$`);

/** Makes records of the hunts in `.leakhunt/` whose leakhunt was killed, and says so. */
export async function recoverKilled(streams: Streams, kept = defaultKept): Promise<void> {
  const home = join(folderOf(streams), savedFolder);
  for (const name of await readdir(home).catch(() => [])) {
    const part = partName.exec(name)?.[1];
    if (part !== undefined && (await hasGone(part))) await rm(join(home, name), { force: true });
    const [, time, owner, number] = journalName.exec(name) ?? [];
    if (owner === undefined || !(await hasGone(owner))) continue;
    // If two commands find it, the one that can rename it makes the record.
    const taken = join(home, `${time}.${await ownerName()}.${number}.journal`);
    const moved = await rename(join(home, name), taken).then(
      () => true,
      () => false,
    );
    if (moved) await recover(taken, kept, streams);
  }
}

async function recover(path: string, kept: number, streams: Streams): Promise<void> {
  try {
    const hunt = huntIn(await readFile(path, 'utf8'));
    if (hunt && !(await isKept(hunt, streams))) {
      const saved = await saveHunt(hunt, folderOf(streams), kept);
      streams.stderr.write(
        `leakhunt: the hunt that began at ${hunt.leakhunt.startedAt} was cut short: its readings are in ${saved}.\n`,
      );
    }
    await rm(path, { force: true });
  } catch (error) {
    streams.stderr.write(
      `leakhunt: "${path}" is left over from a hunt that was cut short, and no record can be made from it (${messageOf(error)}): delete it.\n`,
    );
  }
}

/** Whether leakhunt was killed only after it had kept the hunt. */
async function isKept({ leakhunt }: Hunt, streams: Streams): Promise<boolean> {
  const home = join(folderOf(streams), savedFolder);
  const names = (await readdir(home)).filter(name => name.startsWith(timeIn(leakhunt.startedAt)));
  for (const name of names.filter(each => each.endsWith('.json'))) {
    const kept = await readRecord(join(home, name)).catch(() => undefined);
    if (kept?.leakhunt.startedAt === leakhunt.startedAt) return true;
  }
  return false;
}

/**
 * The record made from the lines of a journal; the last line may be cut off. Throws if no record can be made.
 */
function huntIn(text: string): Hunt | undefined {
  const lines = text.split('\n').slice(0, -1);
  const hunt = recordFrom(lines.map(line => JSON.parse(line) as JournalLine));
  return hunt && recordIn(json(hunt), 'The journal');
}
