import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countingServer, shortFlags } from '../../support/counting.js';
import type { Ended } from '../row.js';
import { type ShellOptions, shell } from '../shell.js';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A record of a hunt that ended with 1. */
export const leakRecord = join(root, 'fixtures/captures/hunts/leak.json');

/** Of a hunt that is kept and takes a second. */
const flags = [...shortFlags.filter(flag => flag !== '--no-save'), '--drain', '0.1', '-q'].join(' ');

/** A short hunt of a server that leaks one thing per upload, in which `$upload` begins the command line. */
export async function huntLeak(folder: string, script: string, options?: ShellOptions): Promise<Ended> {
  const { url, probe } = await countingServer(1);
  const upload = `leakhunt upload ${url} --probe '${probe}' ${flags}`;
  return shell(script.replaceAll('$upload', upload), folder, options);
}
