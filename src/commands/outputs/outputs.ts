import { LeakhuntError } from '../../errors.js';
import type { Hunt } from '../../record/record.js';
import { inert } from '../../reports/github.js';
import { type FormatName, formats } from '../../reports/index.js';
import type { ReportOptions } from '../../reports/options.js';
import { terminal } from '../../reports/terminal/terminal.js';
import { lookOf, type Streams } from '../program/streams.js';
import { openFiles } from './files.js';
import { inGithub } from './github.js';

/** Where the reports of something go. */
export interface Outputs<Item> {
  /** Whether standard output carries a report for machines. */
  stdoutTaken: boolean;
  /** Writes them all and names those that failed on standard error. Returns whether all were written. */
  write(item: Item): Promise<boolean>;
}

/** How something is reported: by format, and for people if there is such a report. */
export interface Reporters<Item> {
  formats: Record<string, (item: Item) => string>;
  forPeople?: (item: Item) => string;
}

/**
 * Checks before the work that every report can be written. The files are written first: standard output may
 * be a pipe that nobody reads any more. If one cannot be written, the others still are.
 */
export async function openReports<Item>(
  streams: Streams,
  wanted: Record<string, string | undefined>,
  { formats, forPeople }: Reporters<Item>,
): Promise<Outputs<Item>> {
  const chosen = Object.entries(wanted).filter((each): each is [string, string] => each[1] !== undefined);
  const { toScreen, files } = await openFiles(
    chosen.map(([format, path]) => ({ flag: `--${format}`, path })),
    streams,
  );
  const text = (flag: string, item: Item) => formats[flag.slice('--'.length)]!(item);
  return {
    stdoutTaken: toScreen.length > 0,
    async write(item) {
      const failures: unknown[] = [];
      for (const { flag, write } of files) {
        try {
          await write(text(flag, item));
        } catch (error) {
          failures.push(error);
        }
      }
      for (const flag of toScreen) streams.stdout.write(text(flag, item));
      if (toScreen.length === 0 && forPeople) streams.stdout.write(forPeople(item));
      for (const failure of failures) tell(failure, streams);
      return failures.length === 0;
    },
  };
}

/** A report that could not be made is a bug; it is reported as one after the others are written. */
function tell(failure: unknown, { stderr }: Streams): void {
  if (!(failure instanceof LeakhuntError)) throw failure;
  stderr.write(`leakhunt: ${failure.message}\n`);
}

export interface OutputOptions extends ReportOptions {
  /** Whether the report for people shows every round. */
  verbose?: boolean;
  /** Whether there is no report for people at all. */
  silent?: boolean;
}

/** Where the reports of a hunt go. */
export function openOutputs(
  streams: Streams,
  wanted: Partial<Record<FormatName, string | undefined>>,
  options: OutputOptions = {},
): Promise<Outputs<Hunt>> {
  const reporters = Object.entries(formats).map(
    ([name, report]) => [name, (hunt: Hunt) => report(hunt, options)] as const,
  );
  return openReports(streams, wanted, {
    formats: Object.fromEntries(reporters),
    forPeople: options.silent ? undefined : hunt => forPeople(hunt, streams, options),
  });
}

function forPeople(hunt: Hunt, streams: Streams, { verbose }: OutputOptions): string {
  const text = terminal(hunt, { ...lookOf(streams.stdout, streams.env), verbose });
  return inGithub(streams) ? inert(text) : text;
}
