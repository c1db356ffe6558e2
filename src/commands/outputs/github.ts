import { appendFile } from 'node:fs/promises';
import { messageOf } from '../../errors.js';
import type { Hunt } from '../../record/record.js';
import { annotations } from '../../reports/github.js';
import { markdown } from '../../reports/markdown/markdown.js';
import type { Streams } from '../program/streams.js';

/** Whether the process runs in a workflow of GitHub Actions. */
export function inGithub({ env }: Pick<Streams, 'env'>): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

/**
 * In a workflow of GitHub Actions, writes the verdict as annotations and the report to the job's summary. The
 * runner reads both streams; standard output is left alone if a report was sent there.
 */
export async function tellGithub(hunt: Hunt, streams: Streams, stdoutTaken: boolean): Promise<void> {
  if (!inGithub(streams)) return;
  const { env, stdout, stderr } = streams;
  const commands = annotations(hunt, env.GITHUB_WORKSPACE);
  if (commands !== '') (stdoutTaken ? stderr : stdout).write(commands);
  const summary = env.GITHUB_STEP_SUMMARY;
  if (!summary) return;
  await appendFile(summary, `${markdown(hunt)}\n`).catch(error => {
    stderr.write(`leakhunt: the job's summary could not be written: ${messageOf(error)}\n`);
  });
}
