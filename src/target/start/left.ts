import { hasGone, ownerPattern } from '../processes/owner.js';
import { environmentOf, processes } from '../processes/procfs.js';
import { Belongings } from './belongings.js';
import { markName } from './environment.js';
import { endAll } from './stop.js';

const marks = new RegExp(`(?:^|,)((${ownerPattern})\\.[\\w-]+)(?=,|$)`, 'g');

/** Seconds from SIGTERM to SIGKILL. */
const patience = 5;

/**
 * Ends what was started by a leakhunt that was killed together with the guard that was to end it: it would hold the
 * port, and be taken for a stranger. Linux only: elsewhere no mark can be seen.
 */
export async function endLeft(): Promise<void> {
  const own = process.env[markName] ?? '';
  const left = new Set<string>();
  for (const { pid } of await processes()) {
    const environment = await environmentOf(pid).catch(() => undefined);
    for (const [, mark, owner] of (environment?.[markName] ?? '').matchAll(marks)) {
      if (!own.includes(mark!) && (await hasGone(owner!))) left.add(mark!);
    }
  }
  for (const mark of left) await endAll(new Belongings(undefined, mark), patience);
}
