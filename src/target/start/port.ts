import { type LeakhuntError, targetError } from '../../errors.js';
import { describe } from '../processes/command-line.js';
import { eldest, startTime, treeOf } from '../processes/procfs.js';
import type { Belongings } from './belongings.js';
import { containerOf, holdersInWords } from './containers.js';
import { accepts, type Door, doorInWords, holdersOf, portOf } from './port-holder.js';

const outOfSight = "a process that is not visible (another user's, or in a container)";

/**
 * Refuses to start a target if something else is there already: that would be hunted in its place (exit 4).
 */
export async function refuseHeldPort(door: Door): Promise<void> {
  const holders = await holdersOf(door);
  if (holders.length === 0 && !(await accepts(door))) return;
  const there = await holdersInWords(await eldest(holders), portOf(door));
  const named = there.length > 0 ? there.map(({ what }) => what).join(' and ') : outOfSight;
  const how = there.flatMap(({ contained }) => contained?.stop ?? []).join('; ');
  throw targetError(
    'PORT_HELD',
    `${doorInWords(door)} is already in use by ${named}: stop it${how && ` (${how})`}, or hunt it without --start.`,
  );
}

/** A process that holds the port, but neither descends from the command nor carries its mark. */
interface Stranger {
  pid: number;
  /** Whether it is younger than the command, as a process is that a service manager starts for it. */
  young: boolean;
}

/**
 * The stranger among those that hold a port; undefined if the holder belongs to the target, or was set up by
 * a container engine since the command was started, `since` in clock ticks since boot.
 */
export async function strangerAmong(
  holders: readonly number[],
  port: number,
  belongings: Belongings,
  since: number,
): Promise<Stranger | undefined> {
  for (const pid of holders) {
    if ((await treeOf(pid)).some(each => belongings.has(each))) return undefined;
  }
  const strangers: Stranger[] = [];
  for (const pid of holders) {
    const young = (await startTime(pid).catch(() => 0)) >= since;
    if (young && (await containerOf(pid, port))) return undefined;
    strangers.push({ pid, young });
  }
  return strangers.find(({ young }) => young) ?? strangers[0];
}

/** A stranger has taken the port (exit 4). */
export async function heldBy(door: Door, pid: number): Promise<LeakhuntError> {
  return targetError(
    'PORT_HELD',
    `${doorInWords(door)} is already in use by ${await describe(pid)}, which --start did not start: stop it, or hunt it without --start.`,
  );
}

/**
 * What still serves the address when everything that a hunt started has ended, and how to end that; a
 * sentence each.
 */
export async function leftAt(door: Door): Promise<string[]> {
  const holders = await holdersOf(door);
  if (holders.length === 0) {
    return (await accepts(door))
      ? [
          `${doorInWords(door)} is still served by ${outOfSight}, which leakhunt cannot stop: add --stop with a command that does.`,
        ]
      : [];
  }
  const there = await holdersInWords(await eldest(holders), portOf(door));
  return there.map(({ pid, what, contained }) => {
    const stop = contained ? contained.stop : `kill ${pid}`;
    return stop === undefined
      ? `${doorInWords(door)} is still in use by ${what}, which was not stopped: add --stop with the command that stops it.`
      : `${doorInWords(door)} is still in use by ${what}, which leakhunt did not stop: ${stop} does, and --stop runs it at the end.`;
  });
}
