import { parentPort } from 'node:worker_threads';
import { measure, type Task } from './measure.js';

parentPort?.on('message', (task: Task | null) => {
  if (task) parentPort?.postMessage(measure(task));
  else parentPort?.close();
});
