import { deepEqual, match, ok } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { countingServer, shortFlags } from '../../support/counting.js';
import { serveInspector } from '../../support/inspector-lookalike.js';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';
import { serveFault } from './hostile.js';

const flags = [...shortFlags.filter(flag => flag !== '--no-save'), '--drain', '0.1', '-q'].join(' ');
/** Milliseconds for two attempts and what a busy machine adds: each was waited for half a minute once. */
const soon = 25_000;

interface Silence extends Pick<Fault, 'name' | 'done' | 'exitCode' | 'says'> {
  /** The word behind --probe for a source that is silent from some moment on, or late. */
  source(): Promise<string>;
  /** Whether its server tells the files that it holds open, beside that source. */
  beside: boolean;
  /** What the record says of it. */
  told: RegExp;
}

/** A source of readings that keeps leakhunt waiting in the middle of a hunt that nothing else ends. */
function silence({ source, beside, told, ...row }: Silence): Fault {
  return {
    ...row,
    group: 'probes',
    record: true,
    async run(folder) {
      const { url, probe } = await countingServer(1);
      const other = beside ? `--probe '${probe}'` : '';
      const start = performance.now();
      const ended = await shell(
        `leakhunt upload ${url} ${other} --probe '${await source()}' ${flags} --rounds 8 --json hunt.json`,
        folder,
      );
      ok(performance.now() - start < soon, ended.stderr);
      const record = JSON.parse(await readFile(join(folder, 'hunt.json'), 'utf8'));
      match([record.error?.message, ...record.warnings].join('\n'), told);
      deepEqual(record.end, beside ? 'rounds-done' : 'target-lost');
      return ended;
    },
  };
}

/** An inspector that stops answering, or answers late, with the so manyeth collection of garbage. */
async function inspectorFrom(collection: number, late?: number): Promise<string> {
  let collections = 0;
  let isSilent = false;
  const url = await serveInspector(async (method, id) => {
    if (method === 'HeapProfiler.collectGarbage') collections += 1;
    if (collections === collection && late !== undefined) await sleep(late);
    isSilent ||= collections === collection && late === undefined;
    if (isSilent) return [];
    if (method === 'Runtime.getHeapUsage') return [{ id, result: { usedSize: 5_000_000 } }];
    return [{ id, result: method === 'Runtime.evaluate' ? { result: { value: [] } } : {} }];
  });
  return `inspector=${url}`;
}

/** A page of metrics that is sent no more from the 20th on. */
async function pageThatStops(): Promise<string> {
  let pages = 0;
  const origin = await serveFault((_, response) => {
    pages += 1;
    if (pages < 20) response.end('process_resident_memory_bytes 54046720\n');
  });
  return `prometheus=${origin}/metrics`;
}

/** Sources that keep leakhunt waiting. */
export const silentFaults: Fault[] = [
  silence({
    name: 'an inspector that falls silent is given up soon, and the hunt goes on by its other sources',
    done: 'an inspector that answers no more from the 20th collection on, beside `--probe json=...`, without --time-limit',
    exitCode: 1,
    source: () => inspectorFrom(20),
    beside: true,
    told: /The inspector probe stopped responding, so its readings end early\. .*: no answer within \d+ s\./,
  }),
  silence({
    name: 'an inspector that falls silent and is the only source ends the hunt soon, with what was measured',
    done: 'an inspector that answers no more from the 20th collection on, without --time-limit',
    exitCode: 4,
    source: () => inspectorFrom(20),
    beside: false,
    told: /The target could no longer be read during the hunt\. .*no answer within \d+ s\./,
  }),
  silence({
    name: 'a page of metrics that is no longer sent is given up soon, and the hunt goes on by its other sources',
    done: 'a page that is not answered from the 20th request on, beside `--probe json=...`, without --time-limit',
    exitCode: 1,
    source: pageThatStops,
    beside: true,
    told: /The prometheus probe stopped responding, so its readings end early\. .*: no answer within \d+ s\./,
  }),
  silence({
    name: 'an inspector that collects a large heap for seconds is waited for',
    done: 'an inspector whose 20th collection takes 4 s, beside `--probe json=...`',
    exitCode: 1,
    source: () => inspectorFrom(20, 4_000),
    beside: true,
    told: /^(?![\s\S]*stopped answering)/,
  }),
];
