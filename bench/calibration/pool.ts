import { Worker } from 'node:worker_threads';
import type { Cell } from './families.js';
import type { Outcome } from './measure.js';

export interface Task {
  rule: string;
  cell: Cell;
  series: number;
}

/** A thread does not inherit the loader that lets this process read TypeScript. */
const bootstrap = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => {
  register();
  return import(${JSON.stringify(import.meta.resolve('./worker.ts'))});
});`;

/** Measures all tasks on so many threads; the answers are in the tasks' order whoever finished first. */
export function measureAll(tasks: readonly Task[], threads: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(bootstrap, { eval: true });
      let index = -1;
      const give = () => {
        if (next === tasks.length) {
          worker.postMessage(null);
          return resolve();
        }
        index = next++;
        worker.postMessage(tasks[index]);
      };
      worker.on('message', (outcome: Outcome) => {
        outcomes[index] = outcome;
        give();
      });
      worker.on('error', reject);
      give();
    });
  return Promise.all(Array.from({ length: threads }, work)).then(() => outcomes);
}
