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
    'a file written by --json, - for standard input (default: the newest in .leakhunt/)',
  );
  addReportOptions(command.optionsGroup('Reports:'))
    .option('--exit-code', 'exit as the hunt did (default: 0)')
    .option('--allow-inconclusive', 'count a hunt without a verdict as passed')
    .option('--debug', 'show where an error comes from');

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
