import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Target } from '../../target/locate/locate.js';
import { filesIn, mostEntries } from '../files.js';
import { openProbe, type Probe, type Sample, type Source, SourceUnavailable } from '../probe.js';

export const dirSource: Source = {
  open: dir,
  auto: false,
};

/** A folder that uploads go to: all files in it and their bytes, whoever wrote them and whenever. */
export async function dir(_: Target, argument?: string): Promise<Probe> {
  if (argument === undefined) throw new SourceUnavailable('it needs a folder: --probe dir=/var/tmp/uploads');
  const folder = resolve(argument);
  return { ...(await openProbe('dir', folder, () => sampleOf(folder))), folder };
}

async function sampleOf(folder: string): Promise<Sample> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) throw new Error(`there is no folder ${folder}`);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
  await access(folder, constants.R_OK | constants.X_OK).catch(() => {
    throw new Error(`${folder} could not be read by this user`);
  });
  const total = await filesIn(folder);
  if (!total)
    throw new Error(`${folder} holds more than ${mostEntries} entries, too many to count each time`);
  return { values: { 'temp-files': total.count, disk: total.bytes } };
}
