import { LeakhuntError, messageOf } from '../../errors.js';
import { redactCommand, secretsIn } from '../../secrets/command.js';
import { Redactor } from '../../secrets/redactor.js';
import type { Target } from '../../target/locate/locate.js';
import { openProbe, type Probe, type Source, SourceUnavailable } from '../probe.js';
import { outputOf } from './exec-command.js';
import { sampleInOutput } from './exec-output.js';
import { metricIn } from './prometheus.js';

export const execSource: Source = {
  open: exec,
  auto: false,
  example: 'exec=COMMAND',
  argument: 'command',
};

/**
 * A shell command that prints what a target holds, for places that leakhunt cannot see: `ssh HOST cat
 * /proc/PID/status`.
 */
export async function exec(_: Target, argument?: string): Promise<Probe> {
  if (argument === undefined) {
    throw new SourceUnavailable("it needs a command: --probe 'exec=ssh HOST cat /proc/PID/status'");
  }
  const output = () =>
    outputOf(argument).catch(error => {
      throw new Error(redacted(messageOf(error), argument));
    });
  const sample = async () => sampleInOutput(await output());
  await sample().catch(error => {
    // The user must correct the name of an unknown resource; it does not mean that the source is missing.
    throw error instanceof LeakhuntError ? error : new SourceUnavailable(messageOf(error), { cause: error });
  });
  const probe = await openProbe('exec', redactCommand(argument), sample, async () => {});
  return { ...probe, metric: async name => metricIn(await output(), name) };
}

/** The error output of a command, without secrets of the command itself. */
function redacted(text: string, command: string): string {
  return new Redactor(secretsIn(command)).text(text);
}
