import type { Frame } from '../frame.js';
import { badProfile } from './bad-profile.js';
import { nameOf } from './name.js';

/** The most that Go itself writes for a dump. Source: runtime/pprof, `writeGoroutineStacks`. */
const mostBytes = 64 << 20;
/** A longer line is cut here. */
const longestLine = 65_536;

/** The lines of a text from a target, without line ends. */
export function* linesOf(text: string | Uint8Array): Generator<string, void, undefined> {
  if (text.length > mostBytes) {
    throw badProfile(
      `The goroutine profile has ${text.length} bytes, but leakhunt reads at most ${mostBytes}`,
    );
  }
  const all = typeof text === 'string' ? text : new TextDecoder().decode(text);
  for (let start = 0; start < all.length; ) {
    const found = all.indexOf('\n', start);
    const end = found < 0 ? all.length : found;
    const cut = Math.min(end, start + longestLine);
    yield all.slice(start, all[cut - 1] === '\r' ? cut - 1 : cut);
    start = end + 1;
  }
}

/** A copy of a piece of text. The piece itself would keep the whole text in memory as long as it lives. */
export function own(piece: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(piece));
}

/** More frames are a fault of the text's writer: each takes more memory than its line. */
const mostFrames = 2_000_000;

/** Makes frames; equal frames are one object. */
export class Frames {
  private readonly known = new Map<string, Frame>();
  private count = 0;

  /** `place` is `file:line`, as Go writes it, or empty. */
  frame(name: string, place: string): Frame {
    this.count += 1;
    if (this.count > mostFrames) throw badProfile(`The goroutine profile has more than ${mostFrames} frames`);
    const key = `${name}\n${place}`;
    let frame = this.known.get(key);
    if (!frame) {
      const colon = place.lastIndexOf(':');
      const line = Number(place.slice(colon + 1));
      const known = colon > 0 && Number.isSafeInteger(line);
      frame = {
        function: own(nameOf(name)),
        ...(known ? { file: own(nameOf(place.slice(0, colon))), line } : {}),
      };
      this.known.set(own(key), frame);
    }
    return frame;
  }
}
