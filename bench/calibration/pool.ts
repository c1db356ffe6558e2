import { Worker } from 'node:worker_threads';
import type { Cell } from './families.js';
import type { Outcome } from './measure.js';

export interface Task {
  rule: string;
  cell: Cell;
  series: number;
}

/** A thread does not inherit the loader that lets this process read TypeScript. */
const bootstrapOf = (worker: string) =>
  `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => {
  register();
  return import(${JSON.stringify(worker)});
});`;

export function measureAll(tasks: readonly Task[], threads: number): Promise<Outcome[]> {
  return runOnThreads(import.meta.resolve('./worker.ts'), tasks, threads);
}

/** Does all tasks on this many threads; the answers are in the tasks' order, whoever finished first. */
export function runOnThreads<Job, Answer>(
  module: string,
  tasks: readonly Job[],
  threads: number,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(bootstrapOf(module), { eval: true });
      let index = -1;
      const give = () => {
        if (next === tasks.length) {
          worker.postMessage(null);
          return resolve();
        }
        index = next++;
        worker.postMessage(tasks[index]);
      };
      worker.on('message', (answer: Answer) => {
        answers[index] = answer;
        give();
      });
      worker.on('error', reject);
      give();
    });
  return Promise.all(Array.from({ length: threads }, work)).then(() => answers);
}
