import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { creatorsOf } from '../../../src/profiles/go/creators.js';
import { goroutinesOf } from '../../../src/profiles/go/goroutine-dump.js';
import { capture } from './captures.js';

const dump = `goroutine 18 [chan receive, 2 minutes]:
main.(*Server).wait(0xc000012345, {0x1?, 0x2})
\t/src/app/server.go:12 +0x1f
main.Keep[...](...)
\t/src/app/keep.go:3
created by main.(*Server).start.func1 in goroutine 1
\t/src/app/server.go:9 +0x5c
[originating from goroutine 1]:
main.(*Server).start.func1(...)
\t/src/app/server.go:10 +0x5c
main.main(...)
\t/src/app/main.go:4 +0x2b
...additional frames elided...
created by main.init
\t/src/app/main.go:1 +0x1
[originating from goroutine 0]:
main.first(...)
\t/src/app/first.go:1 +0x2

goroutine 1 [IO wait, locked to thread]:
internal/poll.runtime_pollWait(0x7fe2, 0x72)
\truntime/netpoll.go:351 +0x85
panic({0x1, 0x2})
\truntime/panic.go:792 +0x132
...3 frames elided...
main.main()
\tC:/src/app/main.go:4 +0x2b fp=0xc0 sp=0xc1 pc=0x47

goroutine 7 gp=0xc000 m=nil [select (no cases), 1441 minutes labels:{"a": "b]:, 3 minutes"}]:
\tgoroutine running on other thread; stack unavailable
created by main.main
\t/src/app/main.go:5 +0x9

goroutine 9 [chan send (leaked) (scan)]:
main.send()
\t/src/app/send.go:2 +0x1
`;

const at = (name: string, file: string, line: number) => ({ function: name, file, line });

test('a dump tells of each goroutine what it waits for, where, who started it, and who that one', () => {
  const [waiting, reading, selecting, leaked] = goroutinesOf(dump);
  expect(waiting).toEqual({
    id: 18,
    state: 'chan receive',
    minutes: 2,
    stack: [at('main.(*Server).wait', '/src/app/server.go', 12), at('main.Keep[...]', '/src/app/keep.go', 3)],
    createdBy: at('main.(*Server).start.func1', '/src/app/server.go', 9),
    ancestors: [
      [at('main.(*Server).start.func1', '/src/app/server.go', 10), at('main.main', '/src/app/main.go', 4)],
      [at('main.first', '/src/app/first.go', 1)],
    ],
  });
  expect(reading).toEqual({
    id: 1,
    state: 'IO wait',
    minutes: 0,
    stack: [
      at('internal/poll.runtime_pollWait', 'runtime/netpoll.go', 351),
      at('runtime.gopanic', 'runtime/panic.go', 792),
      at('main.main', 'C:/src/app/main.go', 4),
    ],
    ancestors: [],
  });
  expect(selecting).toMatchObject({
    state: 'select (no cases)',
    minutes: 1441,
    stack: [],
    createdBy: at('main.main', '/src/app/main.go', 5),
  });
  expect(leaked).toMatchObject({ id: 9, state: 'chan send (leaked)' });
});

test('a dump of a real service has all its goroutines, those of the leak started by their uploads', () => {
  const text = capture('goroutine-leak-dump.txt').toString();
  const goroutines = [...goroutinesOf(text)];
  expect(goroutines).toHaveLength(text.match(/^goroutine \d+ \[/gm)!.length);
  const leaked = goroutines.filter(({ stack }) => stack[0]?.function === 'main.startWaiter.func1');
  expect(leaked).toHaveLength(25);
  for (const { createdBy, ancestors } of leaked) {
    expect(createdBy!.function).toBe('main.startWaiter');
    expect(ancestors.map(stack => stack.at(-1)!.function)).toEqual([
      'net/http.(*conn).serve',
      'main.serve.func1',
      'main.main',
    ]);
  }
});

describe('who started the goroutines at a stack', () => {
  const goroutine = (id: number, state: string, by: string, stack = ['main.wait']) =>
    [
      `goroutine ${id} [${state}]:`,
      ...stack.flatMap(each => [`${each}()`, '\tapp.go:1 +0x1']),
      `created by ${by} in goroutine 1`,
      '\tapp.go:9 +0x1',
      '',
    ].join('\n');
  const wait = at('main.wait', 'app.go', 1);

  test('are told apart, that of most of them first', () => {
    const creatorOf = creatorsOf(
      [
        goroutine(1, 'select', 'main.a'),
        goroutine(2, 'sleep', 'main.b'),
        goroutine(3, 'sleep', 'main.b'),
      ].join('\n'),
    );
    expect(creatorOf([wait])).toEqual([
      { count: 2, state: 'sleep', createdBy: at('main.b', 'app.go', 9), ancestors: [] },
      { count: 1, state: 'select', createdBy: at('main.a', 'app.go', 9), ancestors: [] },
    ]);
  });

  test('is found where the forms leave out different frames of the runtime', () => {
    const creatorOf = creatorsOf(
      goroutine(1, 'select', 'main.a', ['internal/runtime/maps.f', 'main.wait', 'runtime.Gosched']),
    );
    const park = at('runtime.gopark', 'proc.go', 400);
    expect(creatorOf([park, wait, at('runtime.main', 'proc.go', 283)])).toMatchObject([{ count: 1 }]);
    expect(creatorOf([at('runtime/pprof.f', 'app.go', 1), wait])).toEqual([]);
  });

  test('is found where a deep stack was cut by one of the forms', () => {
    const deep = Array.from({ length: 60 }, (_, i) => `main.f${i}`);
    const creatorOf = creatorsOf(goroutine(1, 'select', 'main.a', deep.slice(0, 50)));
    expect(creatorOf(deep.map(name => at(name, 'app.go', 1)))).toMatchObject([{ count: 1 }]);
  });

  test('is not known of a stack that the dump does not have', () => {
    expect(creatorsOf(dump)([wait])).toEqual([]);
    expect(creatorsOf('')([])).toEqual([]);
  });
});

test('a dump that is cut off, damaged or none is read as far as it goes', () => {
  fc.assert(
    fc.property(fc.nat(dump.length), fc.nat(dump.length), fc.string(), (end, start, text) => {
      expect([...goroutinesOf(dump.slice(0, end))].length).toBeLessThanOrEqual(4);
      expect([...goroutinesOf(dump.slice(0, start) + text + dump.slice(start))].length).toBeLessThanOrEqual(
        5,
      );
    }),
  );
});

test('a dump of more goroutines than are read ends there', () => {
  let count = 0;
  for (const _ of goroutinesOf('goroutine 1 [a]:\n'.repeat(1_000_002))) count += 1;
  expect(count).toBe(1_000_000);
});
