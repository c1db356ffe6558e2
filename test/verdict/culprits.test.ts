import { expect, test } from 'vitest';
import type { ProfileRow } from '../../src/profiles/frame.js';
import { SiteHistory } from '../../src/profiles/history.js';
import { churnSites } from '../../src/verdict/culprits/churn-sites.js';
import { explainedBy, growingSites } from '../../src/verdict/culprits/culprits.js';

const readings = Array.from({ length: 12 }, (_, i) => i * 100);

const row = (name: string, value: number): ProfileRow => ({
  key: name,
  stack: [{ function: name, file: `${name}.go`, line: 1 }],
  value,
});

/** A table of what each named site held after so many uploads. */
function tableOf(
  sites: Record<string, (uploads: number) => number>,
  resource: 'heap' | 'churn' = 'heap',
): SiteHistory {
  const table = new SiteHistory();
  for (const uploads of readings) {
    const rows = Object.entries(sites).map(([name, held]) => row(name, held(uploads)));
    table.add(uploads, [{ resource, kind: 'call-site', rows }]);
  }
  return table;
}

const jitter = (uploads: number) => ((uploads * 7919) % 1301) * 10;

test('culprits are the sites that grow with the uploads, the largest share first', () => {
  const table = tableOf({
    keep: each => 5000 + 300 * each,
    index: each => 100 * each,
    pool: each => 1e6 + jitter(each),
    cache: each => (each >= 500 ? 4e5 : 0),
    freed: each => 1e6 - 50 * each,
  });
  const found = growingSites(table, 'heap', 400);
  expect(found.map(({ site, perUpload, share }) => [site.function, perUpload.estimate, share])).toEqual([
    ['keep', expect.closeTo(300, 6), expect.closeTo(0.75, 6)],
    ['index', expect.closeTo(100, 6), expect.closeTo(0.25, 6)],
  ]);
  expect(explainedBy(found, 'heap', 400)).toMatchObject({ share: expect.closeTo(1, 6) });
});

test('what no site accounts for is said, not hidden', () => {
  const table = tableOf({ keep: each => 300 * each });
  const explained = explainedBy(growingSites(table, 'heap', 1000), 'heap', 1000);
  expect(explained).toEqual({
    resource: 'heap',
    share: expect.closeTo(0.3, 6),
    unexplained: expect.closeTo(700, 6),
  });
});

test('a resource that no profile shows has no culprits', () => {
  expect(growingSites(tableOf({ keep: each => each }), 'goroutines', 1)).toEqual([]);
});

test('churn is told by site, what a profile itself allocates left out', () => {
  const table = tableOf(
    { parse: each => 4e6 * each, copy: each => 1e6 * each, 'runtime/pprof.writeHeap': each => 9e6 * each },
    'churn',
  );
  expect(churnSites(table).map(({ site, perUpload, share }) => [site.function, perUpload, share])).toEqual([
    ['parse', 4e6, 0.8],
    ['copy', 1e6, 0.2],
  ]);
});

test('of a stack deeper than any program keeps, a culprit holds the leaf and what is next to it', () => {
  const stack = Array.from({ length: 5000 }, (_, i) => ({
    function: `main.f${i}`,
    file: 'main.go',
    line: i,
  }));
  const table = new SiteHistory();
  for (const uploads of readings) {
    const rows = [{ key: 'deep', stack, value: 100 * uploads }];
    table.add(uploads, [{ resource: 'heap', kind: 'call-site', rows }]);
  }
  const [culprit] = growingSites(table, 'heap', 100);
  expect(culprit!.stack).toEqual(stack.slice(0, 256));
});
