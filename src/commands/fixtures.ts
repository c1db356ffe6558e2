import { extname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { messageOf, usageError } from '../errors.js';
import { type FixtureKind, fixtureKinds, makeFixture } from '../fixtures/fixture.js';
import { writeFixture } from '../fixtures/write.js';
import { formatBytes, parseBytes } from '../units.js';
import { makeFolder } from './outputs/folder.js';
import { numberOf } from './program/numbers.js';
import type { Streams } from './program/streams.js';

interface Flags {
  size: string;
  kind: FixtureKind;
  seed: number;
  count: number;
  out: string;
  force?: boolean;
}

const mostFiles = 100_000;

/** `leakhunt fixtures`: writes the files that `upload` would send. */
export function fixturesCommand(command: Command, streams: Streams): void {
  command
    .option('--size <bytes>', 'size of each file, e.g. 64KiB', '1.3MB')
    .addOption(new Option('--kind <kind>', 'kind of the files').choices(fixtureKinds).default('text'))
    .option('--count <number>', 'number of files, each with its own seed', numberOf('--count'), 1)
    .option('--seed <number>', 'seed of the first file; same seed, same bytes', numberOf('--seed'), 1)
    .option('--out <folder>', 'folder to write the files to', 'fixtures')
    .option('--force', 'replace existing files')
    .option('--debug', 'print the stack trace of an error')
    .action(async ({ size, kind, seed, count, out, force }: Flags) => {
      if (count < 1 || count > mostFiles) {
        throw usageError(
          'BAD_NUMBER',
          `--count ${count} is out of range: give a whole number from 1 to ${mostFiles}.`,
        );
      }
      const bytes = parseBytes(size);
      const made = Array.from({ length: count }, (_, i) =>
        makeFixture({ kind, size: bytes, seed: seed + i }),
      );
      await makeFolder(out).catch(error => {
        throw usageError(
          'BAD_OUTPUT',
          `--out "${out}" could not be created (${messageOf(error)}): choose another folder.`,
        );
      });
      for (const [i, fixture] of made.entries()) {
        const path = join(out, count === 1 ? fixture.name : numbered(fixture.name, seed + i));
        await writeFixture(fixture, path, { force });
        streams.stdout.write(`${path}  ${formatBytes(fixture.size)}\n`);
      }
    });
}

/** `fixture.pdf` as `fixture-7.pdf`. */
function numbered(name: string, seed: number): string {
  const ending = extname(name);
  return `${name.slice(0, -ending.length)}-${seed}${ending}`;
}
