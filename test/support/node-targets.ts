import { prepare, run, startTarget, type Target } from './target.js';

export type NodeTargetFolder = 'node-express' | 'node-fastify' | 'node-cluster';

export interface NodeTargetOptions {
  leak?: string;
  /** Opens Node's inspector on a port that the system picks. */
  inspect?: boolean;
  env?: Record<string, string>;
}

/**
 * Installs a target's dependencies once per content and Node version; resolves to the folder to start it
 * from.
 */
export function installNodeTarget(folder: NodeTargetFolder): Promise<string> {
  return prepare(folder, process.version, home =>
    run('npm', ['ci', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], home),
  );
}

export async function startNodeTarget(
  folder: NodeTargetFolder,
  { leak = 'none', inspect = false, env = {} }: NodeTargetOptions = {},
): Promise<Target> {
  const cwd = await installNodeTarget(folder);
  const flags = inspect ? ['--inspect=127.0.0.1:0'] : [];
  return startTarget(process.execPath, [...flags, 'server.js'], { cwd, env: { LEAK: leak, ...env } });
}
