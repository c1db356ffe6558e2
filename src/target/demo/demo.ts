import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { targetError } from '../../errors.js';
import { packageFolder } from '../../package-folder.js';
import { makeOwnFolder } from '../processes/own-folder.js';

export const demoLeaks = ['buffers', 'listeners', 'files', 'none'] as const;
export type DemoLeak = (typeof demoLeaks)[number];

/** The built-in target while it runs. */
export interface DemoTarget {
  url: string;
  pid: number;
  /** Where its inspector listens, `ws://...`. */
  inspector: string;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('dist/demo-server.js', packageFolder));

/**
 * Starts the demo server with its inspector open and a temp folder of its own; it ends with this process at
 * the latest.
 */
export async function startDemo(leak: DemoLeak): Promise<DemoTarget> {
  const folder = await makeOwnFolder('demo');
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', program, leak], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder },
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };

  let output = '';
  const address = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = (chunk: Buffer) => {
        output += chunk.toString();
        const match = pattern.exec(output)?.[1];
        if (match) resolve(match);
      };
      child.stdout?.on('data', look);
      child.stderr?.on('data', look);
      void ended.then(() =>
        reject(targetError('DEMO_DIED', `The demo server did not start: ${output.trim()}`)),
      );
    });
  try {
    const [origin, inspector] = await Promise.all([
      address(/listening on (http:\S+)\n/),
      address(/Debugger listening on (ws:\S+)\n/),
    ]);
    return { url: `${origin}/upload`, pid: child.pid!, inspector, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
