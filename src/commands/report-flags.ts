import type { Command } from 'commander';
import type { FormatName } from '../reports/index.js';

const help: Record<FormatName, string> = {
  json: 'write the record; - is standard output',
  html: 'write a page with charts and flame graphs that needs no other file',
  markdown: 'write a comment for a pull request',
  junit: 'write JUnit XML for a CI',
  prometheus: "write metrics for node_exporter's textfile collector",
  csv: 'write every reading, a row each',
};

/** What is said about reports, by `upload` and by `report`. */
export interface ReportFlags extends Partial<Record<FormatName, string>> {
  verbose?: boolean;
  allowInconclusive?: boolean;
}

/** A flag for each format, and how much the report for people says. */
export function addReportOptions(command: Command): Command {
  for (const [format, words] of Object.entries(help)) command.option(`--${format} <file>`, words);
  return command.option('--verbose', 'have the report for people show every round');
}

/** The formats asked for, and where each goes. */
export function formatsIn(flags: ReportFlags): Partial<Record<FormatName, string>> {
  const names = Object.keys(help) as FormatName[];
  return Object.fromEntries(names.flatMap(name => (flags[name] === undefined ? [] : [[name, flags[name]]])));
}
