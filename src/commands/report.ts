import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import { readRecord } from '../record/read.js';
import type { Hunt } from '../record/record.js';
import { recoverKilled } from './history/recover.js';
import { newestSaved } from './history/saved.js';
import { addReportOptions, formatsIn, type ReportFlags } from './outputs/flags.js';
import { openOutputs } from './outputs/outputs.js';
import { passed } from './program/passing.js';
import { folderOf, type Returning, type Streams } from './program/streams.js';

interface Flags extends ReportFlags {
  exitCode?: boolean;
}

/** `leakhunt report [record]`: prints a saved hunt again, in any format. */
export function reportCommand(command: Command, streams: Streams, returning: Returning): void {
  command.argument(
    '[record]',
    'file written by --json, or - for standard input (default: the newest hunt in .leakhunt/)',
  );
  addReportOptions(command.optionsGroup('Reports:'))
    .option('--exit-code', 'exit with the exit code of the hunt (default: 0)')
    .option('--allow-inconclusive', 'with --exit-code, exit 0 instead of 3 if there is no verdict')
    .option('--debug', 'print the stack trace of an error');

  command.action(
    returning(async (path: string | undefined, flags: Flags) => {
      const wanted = formatsIn(flags);
      const silent = Object.keys(wanted).length > 0;
      const outputs = await openOutputs(streams, wanted, { ...flags, silent });
      const hunt = await (path === undefined ? newest(streams) : readRecord(path, streams.stdin));
      const whole = await outputs.write(hunt);
      if (flags.exitCode) return passed(hunt.exitCode, flags);
      return whole ? undefined : exitCodes.usage;
    }),
  );
}

/** The newest hunt that is kept, including one that was killed. */
async function newest(streams: Streams): Promise<Hunt> {
  await recoverKilled(streams);
  return newestSaved(folderOf(streams), note => streams.stderr.write(`leakhunt: ${note}\n`));
}
