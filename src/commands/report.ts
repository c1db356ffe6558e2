import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Hunt } from '../hunt/record.js';
import { openOutputs } from './outputs.js';
import { readRecord } from './records/read-record.js';
import { newestSaved } from './records/saved.js';
import { addReportOptions, formatsIn, type ReportFlags } from './report-flags.js';
import { folderOf, type Streams } from './streams.js';

interface Flags extends ReportFlags {
  exitCode?: boolean;
}

/** `leakhunt report [record]`: prints a hunt again that was saved, in any format. */
export function reportCommand(streams: Streams, exit: (code: number) => void): Command {
  const command = new Command('report')
    .description('report on a hunt that was saved, in any format')
    .argument(
      '[record]',
      'a file written by --json, - for standard input (default: the newest in .leakhunt/)',
    );
  addReportOptions(command.optionsGroup('Reports:'))
    .option('--exit-code', 'exit as the hunt did (default: 0)')
    .option('--allow-inconclusive', 'count a hunt without a verdict as passed')
    .option('--debug', 'show where an error comes from');

  return command.action(async (path: string | undefined, flags: Flags) => {
    const wanted = formatsIn(flags);
    const outputs = await openOutputs(streams, wanted, { ...flags, silent: Object.keys(wanted).length > 0 });
    const hunt = await readRecord(path ?? (await newestSaved(folderOf(streams))), streams.stdin);
    await outputs.write(hunt);
    exit(flags.exitCode ? exitCodeOf(hunt, flags) : exitCodes.flat);
  });
}

/** What a hunt ends with; `--allow-inconclusive` lets one without a verdict pass. */
export function exitCodeOf({ exitCode }: Hunt, { allowInconclusive }: ReportFlags): number {
  return exitCode === exitCodes.inconclusive && allowInconclusive ? exitCodes.flat : exitCode;
}
