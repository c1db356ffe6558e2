import type { Frame, Profile } from '../frame.js';
import { badProfile } from '../pprof/bad-profile.js';
import { Frames, linesOf, own } from '../pprof/lines.js';

export { type Creator, creatorsOf } from './creators.js';

/**
 * The goroutines at each stack, in the response of `/debug/pprof/goroutine?debug=1` (`goroutineleak` has the
 * same format): a stack is `7 @ 0x48b638 0x65b8d3`, its labels, and a line for each frame. Stacks that differ
 * only in labels are one row; its key consists of the addresses, which do not change during the life of a
 * process. Throws BAD_PROFILE for any other text. Source: runtime/pprof/pprof.go, `printCountProfile` and
 * `printStackRecord`.
 */
export function goGoroutines(bytes: Uint8Array): Profile[] {
  const lines = linesOf(bytes);
  const header = lines.next().value ?? '';
  if (!/^goroutine(?:leak)? profile: total \d+$/.test(header)) {
    const shown = JSON.stringify(header.slice(0, 60));
    throw badProfile(`The text is not a Go goroutine profile, because it starts with ${shown}`);
  }
  const frames = new Frames();
  const groups = new Map<string, { key: string; stack: Frame[]; value: number }>();
  let stack: Frame[] | undefined;
  for (const line of lines) {
    const [, count, addresses] = /^(\d{1,9}) @((?: 0x[0-9a-f]+)*)$/.exec(line) ?? [];
    if (count !== undefined) {
      const key = addresses!.replaceAll(' 0x', ' ').trim();
      const known = groups.get(key);
      const group = known ?? { key: own(key), stack: [], value: 0 };
      group.value += Number(count);
      groups.set(group.key, group);
      stack = known ? undefined : group.stack;
    } else if (stack && line.startsWith('#\t')) {
      stack.push(frameOf(line, frames));
    }
  }
  return [{ resource: 'goroutines', kind: 'goroutines', rows: [...groups.values()] }];
}

/** `#	0x48b637	os/signal.signal_recv+0x97		runtime/sigqueue.go:152`; an unknown name is absent. */
function frameOf(line: string, frames: Frames): Frame {
  const [, address = '', symbol = '', place = ''] = line.split('\t', 64).filter(Boolean);
  const offset = symbol.lastIndexOf('+0x');
  return frames.frame(symbol === '' ? address : symbol.slice(0, offset < 0 ? undefined : offset), place);
}
