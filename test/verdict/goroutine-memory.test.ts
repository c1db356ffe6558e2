import { expect, test } from 'vitest';
import type { GrowingSite } from '../../src/verdict/culprits/culprits.js';
import { byGoStatement } from '../../src/verdict/culprits/goroutine-memory.js';
import type { Origin } from '../../src/verdict/culprits/origins.js';

const frame = (name: string, file: string, line = 1) => ({ function: name, file, line });
const runtime = (name: string) => frame(`runtime.${name}`, 'runtime/proc.go');
const malg = [runtime('malg'), runtime('newproc1'), runtime('newproc.func1'), runtime('systemstack')];
const statement = frame('main.upload', 'example.com/app/main.go', 12);

const grown = (site: Partial<GrowingSite & Origin>, estimate: number): GrowingSite & Origin => ({
  resource: 'heap',
  kind: 'call-site',
  site: malg[0]!,
  stack: malg,
  perUpload: { estimate, low: estimate / 2, high: estimate * 2 },
  share: 0.5,
  ...site,
});
const goroutines = (origin: Origin, estimate: number) =>
  grown({ resource: 'goroutines', kind: 'goroutines', stack: [], ...origin }, estimate);

test('memory of goroutines themselves is by the go statements that started them, as these grow', () => {
  const library = frame('lib.(*T).start', 'lib@v1.0.0/t.go');
  const found = byGoStatement([
    grown({}, 400),
    goroutines({ createdBy: statement }, 3),
    goroutines({ createdBy: library, startedFrom: frame('main.open', 'example.com/app/log.go', 7) }, 1),
  ]);
  expect(found.slice(0, 2).map(({ site, perUpload, share }) => [site.function, perUpload, share])).toEqual([
    ['main.upload', { estimate: 300, low: 150, high: 600 }, 0.375],
    ['main.open', { estimate: 100, low: 50, high: 200 }, 0.125],
  ]);
});

test('it stays by the runtime where no goroutines are known to grow, and what has another stack by its own line', () => {
  const own = grown({ site: statement, stack: [statement] }, 100);
  expect(byGoStatement([grown({}, 400), own])).toEqual([grown({}, 400), own]);
  expect(byGoStatement([own, goroutines({ createdBy: statement }, 1)])[0]).toEqual(own);
});
