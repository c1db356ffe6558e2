import { closeSync, openSync } from 'node:fs';

/**
 * Lets go of a terminal that is gone. Node sets the terminal back to what it was when it ends, and aborts where that
 * fails (`ResetStdio` in src/node.cc); descriptors that lead elsewhere by then it leaves alone.
 */
export function leaveTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      closeSync(fd);
      openSync('/dev/null', 'r+');
    } catch {
      // It was not open: there is nothing to set back.
    }
  }
}
