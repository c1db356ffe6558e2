import { expect, test } from 'vitest';
import type { Fault, FaultGroup } from './faults/row.js';
import { addressFaults } from './faults/rows/addresses.js';
import { diskFaults } from './faults/rows/disks.js';
import { delayFaults, farFaults, longFaults } from './faults/rows/far.js';
import { networkFaults } from './faults/rows/network.js';
import { numberFaults } from './faults/rows/numbers.js';
import { outputFaults } from './faults/rows/outputs.js';
import { parserFaults } from './faults/rows/parsers.js';
import { proxyFaults } from './faults/rows/proxies.js';
import { reachFaults } from './faults/rows/reach.js';
import { refusedFaults } from './faults/rows/refused.js';
import { secretFaults } from './faults/rows/secrets.js';
import { signalFaults } from './faults/rows/signals.js';
import { silentFaults } from './faults/rows/silent.js';
import { stoppedFaults } from './faults/rows/stopped.js';
import { streamFaults } from './faults/rows/streams.js';
import { terminalFaults } from './faults/rows/terminals.js';
import { tlsFaults } from './faults/rows/tls.js';
import { wordFaults } from './faults/rows/words.js';

const all: readonly Fault[] = [
  ...networkFaults,
  ...farFaults,
  ...delayFaults,
  ...longFaults,
  ...silentFaults,
  ...numberFaults,
  ...parserFaults,
  ...outputFaults,
  ...diskFaults,
  ...streamFaults,
  ...signalFaults,
  ...stoppedFaults,
  ...terminalFaults,
  ...refusedFaults,
  ...wordFaults,
  ...secretFaults,
  ...addressFaults,
  ...tlsFaults,
  ...proxyFaults,
  ...reachFaults,
];

const titles: Record<FaultGroup, string> = {
  target: 'The target',
  network: 'The network',
  probes: 'What is read of the target',
  files: 'Files',
  'streams and signals': 'Streams and signals',
  input: 'Input',
  secrets: 'Secrets',
  injection: 'What a target sends to do harm',
};

const promises = `# What leakhunt promises when something goes wrong

Every line of these tables is tried on the real command line by the tests in \`test/faults/\` and \`test/setups/\`; this page is made of the same rows.

- **Exit 1 means a leak, and nothing else does.** What nobody foresaw ends with 70 and one sentence; a wrong command line with 2; a target that cannot be measured with 4; a signal with 130.
- **What was measured is kept.** Each reading is written to \`.leakhunt/\` as it is taken. Of a hunt that was killed, \`leakhunt report\` makes a record of all readings before the last one (\`bench/kills\`: killed 200 times at random moments).
- **Nothing hangs.** Whatever a target sends is bounded in size and time, and \`--time-limit\` ends a round under way.
- **No stack trace**, unless \`--debug\` asks for it: a sentence, the value in question, the next step.
- **No secret** in a report, a saved file, a log or a list of processes: [secrets.md](secrets.md).
- **Any input.** Every parser of what a target sends is fuzzed, and takes time in proportion to the input (\`npm run fuzz\`, \`test/linear-time.program.test.ts\`).

"Kept" says whether a readable record is in \`.leakhunt/\` afterwards; it is empty where that is not the question.
`;

test('the page of promises has a line for every fault that is tried', async () => {
  const sections = Object.entries(titles).map(([group, title]) => {
    const rows = all.filter(fault => fault.group === group).map(rowOf);
    return `## ${title}\n\n| what is done | leakhunt | exit code | kept |\n| --- | --- | ---: | --- |\n${rows.join('\n')}\n`;
  });
  const text = `${promises}\n${sections.join('\n')}\n${all.length} faults in all.\n`;
  await expect(text).toMatchFileSnapshot('../docs/reliability.md');
  expect(all.length).toBeGreaterThanOrEqual(120);
  expect(new Set(all.map(({ name, done }) => `${name}\n${done}`)).size).toBe(all.length);
});

function rowOf({ name, done, exitCode, record }: Fault): string {
  const kept = record === undefined ? '' : record ? 'yes' : 'nothing to keep';
  return `| ${cell(done)} | ${cell(name)} | ${exitCode} | ${kept} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
