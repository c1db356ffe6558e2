import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { goHeap } from '../../src/profiles/go/heap.js';
import { SiteHistory } from '../../src/profiles/history.js';
import { growingSites } from '../../src/verdict/culprits/culprits.js';
import { growthProfile } from '../../src/verdict/culprits/growth-profile.js';
import { buildGoTarget, startGoTarget } from '../../test/support/go.js';

/**
 * How long it takes to make the table of culprits from 48 heap profiles of a real service: the gin service in
 * fixtures/targets, which keeps every body, as it is profiled by default and with every allocation in the
 * profile.
 */
const profiles = 48;
const uploadsBetween = 20;
const repetitions = 5;

/** Heap profiles of the service with uploads between them. */
async function recorded(rate: string): Promise<Uint8Array[]> {
  const env: Record<string, string> = rate === 'default' ? {} : { GODEBUG: `memprofilerate=${rate}` };
  const target = await startGoTarget(await buildGoTarget('go-gin'), ['-leak', 'body'], env);
  const found: Uint8Array[] = [];
  try {
    for (let i = 0; i < profiles; i += 1) {
      for (let upload = 0; upload < uploadsBetween; upload += 1) {
        const form = new FormData();
        form.append('file', new Blob([new Uint8Array(20_000)]), 'file.bin');
        await (await fetch(target.url, { method: 'POST', body: form })).text();
      }
      const page = await fetch(`${target.origin}/debug/pprof/heap?gc=1`);
      found.push(new Uint8Array(await page.arrayBuffer()));
    }
  } finally {
    await target.stop();
  }
  return found;
}

/** Everything a hunt does with them, in ms. */
function timed(raw: readonly Uint8Array[]): { ms: number; stacks: number; culprits: number } {
  const start = performance.now();
  const table = new SiteHistory();
  for (const [i, bytes] of raw.entries()) table.add(i * uploadsBetween, goHeap(bytes));
  const culprits = growingSites(table, 'heap', 20_480);
  growthProfile(table);
  const ms = performance.now() - start;
  const stacks = table.sitesOf('churn').reduce((sum, site) => sum + site.stacks.length, 0);
  return { ms, stacks, culprits: culprits.length };
}

const rows: string[] = [];
for (const rate of ['default', '1']) {
  const raw = await recorded(rate);
  const bytes = raw.reduce((sum, each) => sum + each.length, 0);
  const runs = Array.from({ length: repetitions }, () => timed(raw));
  const times = runs.map(({ ms }) => ms).sort((a, b) => a - b);
  const { stacks, culprits } = runs[0]!;
  rows.push(
    `| ${rate} | ${(bytes / profiles / 1000).toFixed(0)} kB | ${stacks} | ${culprits} | ` +
      `${times[2]!.toFixed(0)} ms (${times[0]!.toFixed(0)} to ${times[4]!.toFixed(0)}) |`,
  );
}
const text = `# A growth table from ${profiles} profiles

\`npx tsx bench/growth/run.ts\`: ${profiles} heap profiles of the gin service in fixtures/targets, as gzip, decoded, fitted stack by
stack, culprits named and the growth profile written. Median of ${repetitions} (least to most); Node ${process.version}, ${cpus().length} cores, load
average ${loadavg()[0]!.toFixed(1)}.

| memprofilerate | a profile | stacks in the table | culprits | time |
| --- | --: | --: | --: | --: |
${rows.join('\n')}
`;
await writeFile(fileURLToPath(new URL('RESULTS.md', import.meta.url)), text);
console.log(text);
