import { targetError } from '../../errors.js';
import { describe } from '../command-line.js';
import { eldest, startTime, treeOf } from '../procfs.js';
import type { Belongings } from './belongings.js';
import { containerOf } from './containers.js';
import { accepts, holdersOf, portOf } from './holder.js';

const outOfSight = "a process that is not in sight (another user's, or in a container)";

/** Refuses to start a target where something else is there already: that would be hunted in its place (exit 4). */
export async function refuseHeldPort(url: URL): Promise<void> {
  const holders = await holdersOf(url);
  if (holders.length === 0 && !(await accepts(url))) return;
  const named =
    holders.length > 0
      ? (await Promise.all((await eldest(holders)).map(describe))).join(' and ')
      : outOfSight;
  throw targetError(
    'PORT_HELD',
    `Port ${portOf(url)} is held by ${named}: stop it, or hunt it without --start.`,
  );
}

/** What a command has started, and how to know more of it. */
export interface Origin {
  belongings: Belongings;
  /** When the command was started at the earliest, in clock ticks since boot. */
  since: number;
  /** Whether the command ended in good order, and so has handed over to another process. */
  handedOver: boolean;
}

/**
 * Refuses a target whose port came to be held by a stranger (exit 4). What a service manager or the engine of
 * containers runs neither descends from the command nor carries a mark: it is taken for the target where it is
 * younger than the command, which has handed over to it, or where it is of a container.
 */
export async function refuseStrangers(url: URL, { belongings, since, handedOver }: Origin): Promise<void> {
  const holders = await holdersOf(url);
  for (const pid of holders) {
    if ((await treeOf(pid)).some(each => belongings.has(each))) return;
  }
  for (const pid of holders) {
    const started = await startTime(pid).catch(() => 0);
    if (started >= since && (handedOver || (await containerOf(pid, portOf(url))))) return;
  }
  const [first] = holders;
  if (first === undefined) return;
  throw targetError(
    'PORT_HELD',
    `Port ${portOf(url)} is held by ${await describe(first)}, which --start did not start: stop it, or hunt it without --start.`,
  );
}

/** What still serves the address when all that a hunt started has ended, and what ends that; a sentence each. */
export async function leftAt(url: URL): Promise<string[]> {
  const holders = await holdersOf(url);
  if (holders.length === 0) {
    return (await accepts(url))
      ? [
          `Port ${portOf(url)} is still served by ${outOfSight}, which leakhunt cannot end: add --stop with the command that does.`,
        ]
      : [];
  }
  return Promise.all(
    (await eldest(holders)).map(async pid => {
      const contained = await containerOf(pid, portOf(url));
      const stop = contained ? contained.stop : `kill ${pid}`;
      const what = contained ? `${await describe(pid)}, which serves a container` : await describe(pid);
      return stop === undefined
        ? `Port ${portOf(url)} is still held by ${what} and was not ended: add --stop with the command that ends it.`
        : `Port ${portOf(url)} is still held by ${what}, and leakhunt did not end it: ${stop} does. What --stop names is run at the end.`;
    }),
  );
}
