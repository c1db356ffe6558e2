/**
 * Decodes one large heap profile with leakhunt and its peers, each time in a process of its own.
 * `npm run build && npx tsx bench/decode/run.ts`
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, loadavg, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inNode, type Measurement, pprofTool, programs, withPprof } from './measure.js';
import { heapProfile } from './profile.js';

const explanation = `- Medians, in brackets the smallest and the largest. The Node decoders take their own time: neither start-up nor
  reading the file counts. The first profile includes the time in which V8 learns the code; a hunt decodes many.
- leakhunt and pprof-format found the same samples, locations and sums of values.
- leakhunt leaves locations and texts in the bytes until they are asked for, pprof-format makes objects of all messages
  at once; so there is a row in which every stack was read, which pprof-format leaves to its caller.
- \`go tool pprof -raw\` is the whole program, writing to /dev/null, less the time that the same takes for a profile of one
  sample; it does more than decode (it merges and prints).
- The ratios are of the medians; in brackets the smallest and the largest of runs of the same repetition. Above 1,
  leakhunt is faster.
- The peak rss is the largest of all repetitions, after the first profile; it includes Node itself and the bytes of
  the file.
`;
const samples = 200_000;
const repetitions = 5;
const load = loadavg()[0]!.toFixed(1);
const folder = await mkdtemp(join(tmpdir(), 'leakhunt-decode-'));
try {
  const [file, tiny] = [join(folder, 'heap.pb'), join(folder, 'tiny.pb')];
  const bytes = heapProfile(samples);
  await writeFile(file, bytes);
  await writeFile(tiny, heapProfile(1));

  const tool = pprofTool();
  const clients: Record<string, () => Promise<Measurement>> = {
    leakhunt: () => inNode(programs.leakhunt, file),
    'leakhunt, every stack read': () => inNode(programs.leakhunt, file, 'stacks'),
    'pprof-format': () => inNode(programs.pprofFormat, file),
    ...(tool && { 'go tool pprof -raw': () => withoutStart(tool, file, tiny) }),
  };
  const runs = new Map<string, Measurement[]>(Object.keys(clients).map(name => [name, []]));
  for (let i = 0; i < repetitions; i += 1) {
    for (const [name, run] of Object.entries(clients)) {
      const measured = await run();
      runs.get(name)!.push(measured);
      console.error(`${i + 1} of ${repetitions}: ${name} ${measured.first.toFixed(0)} ms`);
    }
  }
  const found = [...runs.values()].flat().flatMap(run => run.found ?? []);
  if (found.some(each => !isDeepStrictEqual(each, found[0]))) throw new Error('The decoders disagree.');

  const text = write(
    bytes.length,
    runs,
    tool ? [] : ['Left out: go tool pprof (there is no Go on the machine).'],
  );
  console.log(text);
  await writeFile(join(import.meta.dirname, 'RESULTS.md'), text);
} finally {
  await rm(folder, { recursive: true });
}

async function withoutStart(tool: string, file: string, tiny: string): Promise<Measurement> {
  const start = await withPprof(tool, tiny);
  const whole = await withPprof(tool, file);
  return { ...whole, first: whole.first - start.first };
}

function write(size: number, runs: Map<string, Measurement[]>, notes: string[]): string {
  const own = runs.get('leakhunt')!;
  const rows = [...runs].map(([name, measured]) => {
    const peaks = measured.flatMap(run => run.peakBytes ?? []);
    return [
      name,
      ...compared(measured, own, run => run.first),
      ...compared(measured, own, run => run.again),
      peaks.length === 0 ? '' : (Math.max(...peaks) / 1e6).toFixed(0),
    ];
  });
  return [
    '# Decoding a profile',
    'Written by `npm run build && npx tsx bench/decode/run.ts`. ' +
      `A heap profile of ${samples.toLocaleString('en')} samples, 10 to 30 frames each, 4 sample types, ` +
      `${(size / 1e6).toFixed(1)} MB unpacked; ${repetitions} interleaved repetitions, a process each.`,
    `Machine: ${platform()} ${arch()}, ${availableParallelism()} cores; Node ${process.versions.node}, ` +
      `pprof-format ${peerVersion()}; load average before the run ${load}.`,
    [
      '| decoder | first, ms | first / leakhunt | later, ms | later / leakhunt | peak rss, MB |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      ...rows.map(row => `| ${row.join(' | ')} |`),
    ].join('\n'),
    ...notes,
    explanation,
  ].join('\n\n');
}

/** The median and its ratio to leakhunt's own, both with their spread. */
function compared(runs: Measurement[], own: Measurement[], timeOf: (run: Measurement) => number | undefined) {
  const times = runs.map(timeOf);
  if (times.some(time => time === undefined)) return ['', ''];
  const [all, ours] = [times as number[], own.map(run => timeOf(run)!)];
  const time = `${median(all).toFixed(0)} (${range(all, 0)})`;
  const ratios = all.map((each, i) => each / ours[i]!);
  return [time, runs === own ? '' : `${(median(all) / median(ours)).toFixed(1)} (${range(ratios, 1)})`];
}

function range(values: number[], digits: number): string {
  return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
}

function peerVersion(): string {
  const path = join(import.meta.dirname, '../../node_modules/pprof-format/package.json');
  return JSON.parse(readFileSync(path, 'utf8')).version;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
