import { parentPort } from 'node:worker_threads';
import { measure } from './measure.js';
import type { Task } from './pool.js';
import { rules } from './rules.js';

parentPort?.on('message', (task: Task | null) => {
  if (task) parentPort?.postMessage(measure(task.cell, task.series, rules[task.rule]!));
  else parentPort?.close();
});
