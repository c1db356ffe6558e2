import { deepEqual, ok } from 'node:assert/strict';
import type { Ended, Fault } from '../row.js';
import { onTerminal, type TerminalStep } from '../terminal.js';
import { huntLeak, leakRecord, untilReadings } from './short-hunts.js';

const hunted = '--rounds 8 --json hunt.json';

/** Shown on a terminal, line by line as they stand in the end; what is drawn over is drawn in its own right. */
function linesOf({ stdout }: Ended): string[] {
  return stdout
    .replaceAll('\u001b[2K', '')
    .replace(/\u001b\[[\d;]*m/g, '')
    .split(/[\r\n]+/);
}

/** No line is wider than the terminal, which would break it anywhere, but for a word behind its label. */
function fits(ended: Ended, columns: number): Ended {
  const wide = linesOf(ended).filter(
    line => line.length > columns && /\S\s+\S/.test(line.replace(/^[A-Z]\w+:? /, '').trim()),
  );
  deepEqual(wide, []);
  return ended;
}

interface OnTerminal extends Pick<Fault, 'name' | 'done'> {
  columns: number;
  steps?: TerminalStep[];
  narrowest?: number;
}

/** A hunt that draws its progress on a terminal, and its report. */
function hunting({ columns, steps = [], narrowest, ...row }: OnTerminal): Fault {
  return {
    ...row,
    group: 'streams and signals',
    exitCode: 1,
    record: true,
    async run(folder) {
      // Not quiet, as the other short hunts are: it is the progress that is drawn.
      const command = `upload="$upload"; eval "\${upload% -q}" ${hunted}`;
      const ended = await huntLeak(folder, onTerminal(columns, command, ...steps));
      const text = linesOf(ended).join('\n');
      // A line is drawn one column short of the edge: of one column nothing is left.
      if (columns !== 1) ok(/^round 1|^warming up/m.test(text), text);
      ok(/Leak:\s[\s\S]*open\s+file/.test(text), text);
      return narrowest === undefined ? ended : fits(ended, narrowest);
    },
  };
}

/** Terminals that are narrow, or become so. */
export const terminalFaults: Fault[] = [
  {
    name: 'a terminal of 20 columns is written to in lines that fit',
    group: 'streams and signals',
    done: '`stty cols 20; leakhunt report leak.json --exit-code`',
    exitCode: 1,
    run: async folder => {
      const command = `stty cols 20; leakhunt() { $LEAKHUNT "$@"; }; leakhunt report --exit-code ${leakRecord}`;
      const ended = await huntLeak(folder, onTerminal(80, command));
      ok(/^heap objects$\n {2}per upload \+3\.00$/m.test(linesOf(ended).join('\n')), ended.stdout);
      return fits(ended, 20);
    },
  },
  hunting({
    name: 'a hunt on a terminal of 20 columns draws its progress in lines that fit',
    done: '`leakhunt upload ...` on a terminal of 20 columns',
    columns: 20,
    narrowest: 20,
  }),
  hunting({
    name: 'a terminal that is resized during a hunt is drawn on as it is then',
    done: '`leakhunt upload ...` on a terminal of 80 columns that becomes 20, 300 and 20 columns wide meanwhile',
    columns: 80,
    steps: [
      { until: untilReadings(1) },
      { columns: 20 },
      { until: untilReadings(3) },
      { columns: 300 },
      { until: untilReadings(5) },
      { columns: 20 },
    ],
  }),
  ...[0, 1].map(columns =>
    hunting({
      name: `a terminal that says it is ${columns} columns wide is written to all the same`,
      done: `\`leakhunt upload ...\` on a terminal of ${columns} columns`,
      columns,
    }),
  ),
];
