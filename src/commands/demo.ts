import { type Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.js';
import { hunt } from '../hunt/hunt.js';
import type { Hunt } from '../record/record.js';
import { terminal } from '../reports/terminal/terminal.js';
import { type DemoLeak, demoLeaks, startDemo } from '../target/demo/demo.js';
import { parseBytes } from '../units.js';
import { untilInterrupted } from './program/interrupt.js';
import { numberOf } from './program/numbers.js';
import { progressOn } from './program/progress.js';
import { lookOf, type Returning, type Streams } from './program/streams.js';

interface Flags {
  leak: DemoLeak;
  n: number;
  size: string;
  quiet?: boolean;
}

/** `leakhunt demo`: hunts a built-in server that leaks, then the same server fixed. */
export function demoCommand(command: Command, streams: Streams, returning: Returning): void {
  command
    .addOption(
      new Option('--leak <what>', 'what the server leaks with each upload')
        .choices(demoLeaks)
        .default('buffers'),
    )
    .option('-n, --n <count>', 'uploads per round', numberOf('-n'), 100)
    .option('--size <bytes>', 'size of each upload', '100kB')
    .option('-q, --quiet', 'show no progress')
    .option('--debug', 'print the stack trace of an error')
    .action(
      returning(async (flags: Flags) => {
        const kinds: DemoLeak[] = flags.leak === 'none' ? ['none'] : [flags.leak, 'none'];
        const expected = kinds.map(kind => (kind === 'none' ? 'flat' : 'leak'));
        const records = await untilInterrupted(streams, signal => huntEach(kinds, flags, streams, signal));
        const unexpected = records.find(
          (record, i) => record.verdict !== expected[i] || record.exitCode > exitCodes.leak,
        );
        return unexpected ? unexpectedCode(unexpected) : exitCodes.flat;
      }),
    );
}

/**
 * While the first server rests, nothing is uploaded to it and the machine is idle: the next one is hunted
 * then.
 */
async function huntEach(
  kinds: DemoLeak[],
  flags: Flags,
  streams: Streams,
  signal: AbortSignal,
): Promise<Hunt[]> {
  const { colour, ...look } = lookOf(streams.stdout, streams.env);
  const under: Promise<Hunt>[] = [];
  const begin = () => {
    const kind = kinds[under.length];
    if (kind === undefined || signal.aborted) return;
    const isFirst = under.length === 0;
    const hunting = huntOne(kind, { ...flags, quiet: flags.quiet || !isFirst }, streams, signal, begin);
    // It is awaited once the one before it has been reported.
    hunting.catch(() => {});
    under.push(hunting);
  };
  const records: Hunt[] = [];
  for (const [i, kind] of kinds.entries()) {
    if (under.length === i) begin();
    if (under.length === i) break;
    streams.stdout.write(`${colour.bold.inverse(` ${titles[kind]} `)}\n\n`);
    const record = await under[i]!;
    streams.stdout.write(`${terminal(record, { ...look, colour })}\n`);
    records.push(record);
  }
  return records;
}

const titles: Record<DemoLeak, string> = {
  buffers: 'A server that keeps every uploaded file in an array',
  listeners: 'A server that adds an event listener for every upload',
  files: 'A server that opens every uploaded file and never closes it',
  none: 'The same server without the leak',
};

async function huntOne(
  kind: DemoLeak,
  flags: Flags,
  streams: Streams,
  signal: AbortSignal,
  onRest: () => void,
): Promise<Hunt> {
  const target = await startDemo(kind);
  const progress = progressOn(streams, flags.quiet ?? false);
  try {
    return await hunt({
      url: target.url,
      uploadsPerRound: flags.n,
      fixture: { kind: 'text', size: parseBytes(flags.size), seed: 1 },
      probes: [`inspector=${target.inspector}`, 'auto'],
      signal,
      onEvent(event) {
        progress.onEvent(event);
        if (event.type === 'round' && event.kind === 'rest') onRest();
      },
    });
  } finally {
    progress.clear();
    await target.stop();
  }
}

/** A demo that shows the wrong verdict must not end as if it had shown the right one. */
function unexpectedCode({ exitCode }: Hunt): number {
  return exitCode === exitCodes.flat ? exitCodes.inconclusive : exitCode;
}
