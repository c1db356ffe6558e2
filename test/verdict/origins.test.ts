import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { creatorsOf, goGoroutines } from '../../src/profiles/go/goroutines.js';
import { goHeap } from '../../src/profiles/go/heap.js';
import { SiteHistory } from '../../src/profiles/history.js';
import { originsOf, withInferredOrigins } from '../../src/verdict/culprits/origins.js';

const captures = new URL('../../fixtures/captures/pprof/', import.meta.url);
const capture = (name: string) => readFileSync(new URL(name, captures));

/** Who started the goroutines of the captured service, each of its leaks with 50 goroutines or more. */
function origins(dump: string, heap: string) {
  const goroutines = goGoroutines(capture('go-kafka-goroutine-debug1.txt'));
  const table = new SiteHistory();
  table.add(50, [...goroutines, ...goHeap(capture(heap))]);
  const creators = creatorsOf(capture(dump));
  const leaks = goroutines[0]!.rows.filter(({ value }) => value >= 50);
  const traced = withInferredOrigins(
    leaks.map(({ stack }) => ({ stack, ...originsOf(stack, creators, table)[0]!.origin })),
  );
  return Object.fromEntries(
    traced.map(({ stack, state, createdBy, startedFrom, startedFromInferred }) => [
      stack.at(-1)!.function.replace('github.com/segmentio/kafka-go.', ''),
      [
        state,
        createdBy?.function.replace('github.com/segmentio/kafka-go.', ''),
        startedFrom && `${startedFrom.file}:${startedFrom.line}`,
        startedFromInferred ?? false,
      ],
    ]),
  );
}

const line = 'leakhunt.example/upload/publish.go:49';

test('a goroutine that a library starts is traced to the own line that called it, by the ancestors that Go kept', () => {
  expect(origins('go-kafka-goroutine-ancestors.txt', 'go-kafka-heap.pb.gz')).toEqual({
    '(*conn).run': ['chan receive', '(*connGroup).connect', line, false],
    '(*connPool).discover': ['select', '(*Transport).grabPool', line, false],
    '(*Writer).spawn.func1': ['sync.Cond.Wait', '(*Writer).spawn', line, false],
  });
});

test('without ancestors the stacks that allocate show who calls the function with the go statement', () => {
  expect(origins('go-kafka-goroutine-debug2.txt', 'go-kafka-heap-rate-1.pb.gz')).toEqual({
    '(*conn).run': ['chan receive', '(*connGroup).connect', line, true],
    '(*connPool).discover': ['select', '(*Transport).grabPool', line, false],
    '(*Writer).spawn.func1': ['sync.Cond.Wait', '(*Writer).spawn', line, false],
  });
});

test('what few samples do not show is inferred from the other goroutines of the library, and marked so', () => {
  expect(origins('go-kafka-goroutine-debug2.txt', 'go-kafka-heap.pb.gz')).toEqual({
    '(*conn).run': ['chan receive', '(*connGroup).connect', line, true],
    '(*connPool).discover': ['select', '(*Transport).grabPool', line, false],
    '(*Writer).spawn.func1': ['sync.Cond.Wait', '(*Writer).spawn', line, true],
  });
});

test('of goroutines of which no dump tells nothing is made up', () => {
  const [profile] = goGoroutines(capture('go-kafka-goroutine-debug1.txt'));
  const { stack } = profile!.rows[0]!;
  const blockedAt = expect.objectContaining({ function: expect.any(String) });
  expect(originsOf(stack, () => [], new SiteHistory())).toEqual([{ share: 1, origin: { blockedAt } }]);
});

test("goroutines of one stack with other go statements are told apart, each with its share; without ancestors a library's is not traced", () => {
  const stack = [{ function: 'net/http.(*persistConn).writeLoop', file: 'net/http/transport.go', line: 1 }];
  const dialled = { function: 'net/http.(*Transport).dialConn', file: 'net/http/transport.go', line: 2 };
  const own = { function: 'main.poll', file: 'example.com/app/main.go', line: 3 };
  const creators = [
    { count: 3, state: 'select', createdBy: dialled, ancestors: [] },
    { count: 1, state: 'select', createdBy: own, ancestors: [] },
  ];
  expect(originsOf(stack, () => creators, new SiteHistory())).toMatchObject([
    { share: 0.75, origin: { createdBy: dialled, untraced: true } },
    { share: 0.25, origin: { createdBy: own } },
  ]);
  expect(originsOf(stack, () => creators, new SiteHistory())[1]!.origin).not.toHaveProperty('untraced');
});
