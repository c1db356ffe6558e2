import { setTimeout as sleep } from 'node:timers/promises';
import * as lsof from './lsof.js';
import * as procfs from './procfs.js';

/** Who listens where: by /proc on Linux, without any other program, and by lsof elsewhere. */
const { pidsListeningOn, portsOf } = process.platform === 'linux' ? procfs : lsof;

export { pidsListeningOn, portsOf };

const longestWait = 3_000;

/**
 * Makes a Node process open its inspector (SIGUSR1) on a port of its own, and returns its ports once there is
 * a new one; after 3 s the existing ones. The signal ends most other programs: only for Node.
 */
export async function openInspector(pid: number, known: readonly number[]): Promise<number[]> {
  process.kill(pid, 'SIGUSR1');
  const deadline = performance.now() + longestWait;
  for (;;) {
    const ports = await portsOf(pid);
    if (ports.some(port => !known.includes(port)) || performance.now() > deadline) return ports;
    await sleep(20);
  }
}
