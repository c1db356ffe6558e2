import { Worker } from 'node:worker_threads';
import { packageFolder } from '../../package-folder.js';

/** Starts a thread of `worker.ts`: as it was built, or through tsx where the sources themselves run, as in tests. */
export function startThread(): Worker {
  const here = import.meta.url;
  if (here.endsWith('.js')) return new Worker(new URL('dist/upload-thread.js', packageFolder));
  const tsx = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./worker.ts', here).href;
  const script = `import('${tsx}').then(({ register }) => { register(); return import('${entry}'); })`;
  return new Worker(script, { eval: true });
}
