import type { Command } from 'commander';
import { usageError } from '../../errors.js';
import type { FormatName } from '../../reports/index.js';

const help: Record<FormatName, string> = {
  json: 'write the record; - is standard output',
  html: 'write one page with charts and flame graphs',
  markdown: 'write a comment for a pull request',
  junit: 'write JUnit XML for CI',
  prometheus: "write metrics for node_exporter's textfile collector",
  csv: 'write one row per reading',
};

/** The flags about reports of `upload` and `report`. */
export interface ReportFlags extends Partial<Record<FormatName, string>> {
  verbose?: boolean;
  allowInconclusive?: boolean;
}

/** A flag for each format, and how much the report for people says. */
export function addReportOptions(command: Command): Command {
  for (const [format, words] of Object.entries(help)) {
    command.option(`--${format} <file>`, words, format === 'json' ? jsonFile : String);
  }
  return command.option('--verbose', 'show every round in the report');
}

/** For curl, `--json` is a body. It may hold a secret: it is not shown. */
export function jsonFile(value: string): string {
  if (!/^\s*[[{"@]/.test(value)) return value;
  throw usageError(
    'BAD_OUTPUT',
    '--json takes a file to write to, but this looks like a body, as in curl: send it with ' +
      "-H 'Content-Type: application/json' -d ..., or use leakhunt curl -- curl --json ... URL.",
  );
}

/** The requested formats, and where each goes. */
export function formatsIn(flags: ReportFlags): Partial<Record<FormatName, string>> {
  const names = Object.keys(help) as FormatName[];
  return Object.fromEntries(names.flatMap(name => (flags[name] === undefined ? [] : [[name, flags[name]]])));
}
