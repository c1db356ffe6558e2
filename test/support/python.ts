import { join } from 'node:path';
import { prepare, run, startTarget, type Target } from './target.js';
import { versionOf } from './toolchain.js';

/** What the application runs under: one process, or a parent with two workers. */
export const pythonServers = {
  uvicorn: ['serve.py'],
  gunicorn: ['-m', 'gunicorn'],
} as const;

/**
 * Makes the target's virtual environment once per content and Python; resolves to the folder to start it
 * from.
 */
export function installPythonTarget(): Promise<string> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-cache-dir'];
  return prepare('python-starlette', versionOf('python')!, async home => {
    await run('python3', ['-m', 'venv', 'venv'], home);
    await run('venv/bin/python', [...pip, '--requirement', 'requirements.txt'], home);
  });
}

export async function startPythonTarget(server: keyof typeof pythonServers, leak = 'none'): Promise<Target> {
  const cwd = await installPythonTarget();
  // As a module: the programs in venv/bin name the folder that they were installed in, which was renamed
  // since.
  return startTarget(join(cwd, 'venv/bin/python'), pythonServers[server], {
    cwd,
    env: { LEAK: leak, PYTHONDONTWRITEBYTECODE: '1' },
  });
}
