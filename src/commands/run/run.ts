import type { Command } from 'commander';
import { LeakhuntError, usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import { type SummaryRow, summary } from '../../reports/summary.js';
import { type Config, givenTo, readConfig, unnamed } from '../config/config.js';
import { hintFor } from '../config/did-you-mean.js';
import { printError } from '../print-error.js';
import { addHelp } from '../program/help.js';
import { passed } from '../program/passing.js';
import { lookOf, type Returning, type Streams } from '../program/streams.js';
import { addUploadOptions, type ConfigFlags } from '../upload/command.js';
import { firstOptions, huntAndReport, targetUrl } from '../upload/upload.js';
import { checkedHunts, type NamedHunt } from './hunts.js';

/** `leakhunt run [name...]`: the hunts of the configuration, one after another, and a summary of them. */
export function runCommand(command: Command, streams: Streams, returning: Returning): void {
  command.argument('[names...]', 'hunts to run (default: all in the file)').usage('[names...] [options]');
  addUploadOptions(command);
  addHelp(command, { first: ['--config', ...firstOptions], exitCodes: {} });
  const given = givenTo(command);

  command.action(
    returning(async (operands: string[], { config: path }: ConfigFlags) => {
      const config = await readConfig(path, streams);
      if (!config) {
        throw usageError(
          'NO_CONFIG',
          'There is no configuration file here: write one with leakhunt init, or give its path with --config.',
        );
      }
      const hunts = await checkedHunts(command, config, namesOf(operands, config), given, streams.env);
      const said = given.flatMap(({ words }) => words);
      const rows: SummaryRow[] = [];
      for (const hunt of hunts) {
        if (hunts.length > 1)
          streams.stdout.write(
            `${lookOf(streams.stdout, streams.env).colour.bold.inverse(` ${hunt.name} `)}\n\n`,
          );
        rows.push(await runOne(hunt, forHunt(streams, [hunt.name, ...said])));
        if (rows.at(-1)!.exitCode === exitCodes.interrupted) break;
        if (hunts.length > 1) streams.stdout.write('\n');
      }
      if (hunts.length > 1)
        streams.stdout.write(summary(rows, hunts.length, lookOf(streams.stdout, streams.env)));
      return worst(rows.map(({ exitCode }) => exitCode));
    }),
  );
}

/** Every name once; without any, all hunts of the file, or the one hunt of a file that names none. */
function namesOf(operands: string[], { file, hunts }: Config): string[] {
  const known = hunts.size > 0 ? [...hunts.keys()] : [unnamed];
  const stranger = operands.find(name => !known.includes(name));
  if (stranger === undefined) return operands.length > 0 ? [...new Set(operands)] : known;
  const hint = hintFor(stranger, known, `use one of ${known.join(', ')}.`);
  throw usageError('NO_SUCH_HUNT', `${file} has no hunt named "${stranger}": ${hint}`);
}

/** If one hunt cannot be measured, the others still run. */
async function runOne({ name, request, flags }: NamedHunt, streams: Streams): Promise<SummaryRow> {
  try {
    const hunt = await huntAndReport(request, targetUrl(request.url, streams), flags, streams);
    return { name, exitCode: passed(hunt.exitCode, flags), hunt };
  } catch (error) {
    const named =
      error instanceof LeakhuntError
        ? new LeakhuntError(error.code, `${name}: ${error.message}`, error.exitCode, { cause: error })
        : error;
    return {
      name,
      exitCode: printError(named, streams),
      error: error instanceof Error ? error.message : String(error),
    };
  }
}

const { internal, usage, unmeasurable, leak, inconclusive, interrupted } = exitCodes;
/** The worst first; any other exit code counts as flat. */
const ranking: number[] = [interrupted, internal, usage, unmeasurable, leak, inconclusive];

/** The exit code of several hunts: that of the worst one. */
export function worst(codes: readonly number[]): number {
  return ranking.find(code => codes.includes(code)) ?? exitCodes.flat;
}

/** The same streams under a command line that repeats one hunt only. */
function forHunt(streams: Streams, words: string[]): Streams {
  const { env, stdout, stderr, cwd } = streams;
  return {
    argv: [...streams.argv.slice(0, 2), 'run', ...words],
    env,
    get stdin() {
      return streams.stdin;
    },
    stdout,
    stderr,
    cwd: cwd && (() => cwd.call(streams)),
    on: streams.on.bind(streams),
    off: (signal, listener) => streams.off(signal, listener),
  };
}
