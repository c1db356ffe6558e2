import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { creatorsOf, goGoroutines } from '../../src/profiles/go/goroutines.js';
import { decodePprof } from '../../src/profiles/pprof/decode.js';
import { capture } from './pprof/captures.js';

const rowsOf = (text: string | Uint8Array) =>
  goGoroutines(typeof text === 'string' ? Buffer.from(text) : text)[0]!.rows;

describe('the goroutines of a Go service that leaks one per upload', () => {
  const [profile] = goGoroutines(capture('goroutine-leak.txt'));

  test('are counted at each stack', () => {
    expect(profile).toMatchObject({ resource: 'goroutines', kind: 'goroutines' });
    expect(profile!.rows[0]).toEqual({
      key: '488f4e 41922e 418d52 76c519 490bc1',
      stack: [{ function: 'main.startWaiter.func1', file: 'leakhunt.example/upload/leaks.go', line: 92 }],
      value: 25,
    });
  });

  test('are as many as the text says', () => {
    const [, total] = /total (\d+)/.exec(capture('goroutine-leak.txt').toString())!;
    expect(profile!.rows.reduce((sum, row) => sum + row.value, 0)).toBe(Number(total));
  });

  test('wait at the stacks that the protobuf form has, but for frames of the runtime', () => {
    const stackOf = (frames: readonly { function: string }[]) =>
      frames
        .map(frame => frame.function)
        .filter(name => !name.startsWith('runtime.'))
        .join(' ');
    const proto = new Set(
      Array.from(decodePprof(capture('goroutine.pb.gz')).samples(), ({ stack }) => stackOf(stack)),
    );
    for (const { stack } of profile!.rows) {
      // Each form of profile is written by another goroutine at another moment.
      if (stack.length === 0 || stackOf(stack).includes('net/http')) continue;
      expect([...proto]).toContain(stackOf(stack));
    }
  });
});

test('stacks that differ in labels alone are one row', () => {
  const rows = rowsOf(capture('goroutine-labels.txt'));
  expect(rows.filter(({ stack }) => stack[0]?.function === 'main.wait').map(row => row.value)).toEqual([6]);
});

test('the goroutines that Go itself found leaked are read in the same way', () => {
  const text = capture('goroutine-leak.txt').toString();
  expect(rowsOf(text.replace('goroutine profile:', 'goroutineleak profile:'))).toEqual(rowsOf(text));
});

test('a frame without a symbol is named by its address, a name may hold anything', () => {
  const text = [
    'goroutine profile: total 3',
    '3 @ 0x1 0x2 0x3 0x4',
    '#\t0x1',
    '#\t0x2\tmain.(*T[...]).m+n+0x1f\t\tC:/a b/x.go:7',
    '#\t0x3\tmain.noPlace+0x1f',
    '#\t0x4\tmain.noLine+0x1f\tx.go',
  ].join('\n');
  expect(rowsOf(text)).toEqual([
    {
      key: '1 2 3 4',
      stack: [
        { function: '0x1' },
        { function: 'main.(*T[...]).m+n', file: 'C:/a b/x.go', line: 7 },
        { function: 'main.noPlace' },
        { function: 'main.noLine' },
      ],
      value: 3,
    },
  ]);
});

test('a text of something else is refused, with its beginning', () => {
  for (const text of [
    '',
    '404 page not found',
    'heap profile: 1: 2 [3: 4] @ heap/1048576',
    'threadcreate profile: total 7',
    capture('goroutine-leak-dump.txt').toString(),
  ]) {
    expect(() => goGoroutines(Buffer.from(text))).toThrow(
      /is not a Go goroutine profile, because it starts with "/,
    );
  }
});

test('a text that is cut off or damaged is read as far as it goes', () => {
  const text = capture('goroutine-leak.txt');
  fc.assert(
    fc.property(fc.nat(text.length - 200), fc.nat(255), (at, byte) => {
      expect(rowsOf(text.subarray(0, 200 + at)).length).toBeGreaterThan(0);
      const damaged = Uint8Array.from(text);
      damaged[200 + at] = byte;
      expect(rowsOf(damaged).length).toBeGreaterThan(0);
    }),
  );
});

test('a text larger than any that Go writes is refused', () => {
  expect(() => goGoroutines(new Uint8Array((64 << 20) + 1))).toThrow(
    /has 67108865 bytes, but leakhunt reads at most 67108864/,
  );
});

test('a line without end does not take memory without end', () => {
  const tabs = Buffer.concat([
    Buffer.from('goroutine profile: total 1\n1 @ 0x1\n#\t0x1\tmain.f+0x1'),
    Buffer.alloc(5_000_000, '\t'),
  ]);
  expect(rowsOf(tabs)[0]!.stack).toEqual([{ function: 'main.f' }]);
});

test('frames without end are refused', () => {
  const text = `goroutine profile: total 1\n1 @ 0x1\n${'#\t0x1\n'.repeat(2_000_001)}`;
  expect(() => goGoroutines(Buffer.from(text))).toThrow(/more than 2000000 frames/);
});

test('the stacks of one profile are found in the dump of the same process', () => {
  const creatorsAt = creatorsOf(capture('goroutine-leak-dump.txt'));
  const [leaked] = rowsOf(capture('goroutine-leak.txt'));
  const [creator] = creatorsAt(leaked!.stack);
  expect(creator).toMatchObject({
    count: 25,
    state: 'chan receive',
    createdBy: { function: 'main.startWaiter', file: 'leakhunt.example/upload/leaks.go', line: 92 },
  });
  expect(creator!.ancestors[0]!.map(frame => frame.function).slice(0, 4)).toEqual([
    'main.startWaiter',
    'main.init.afterDiscard.func2',
    'main.newRouter.upload.func1',
    'github.com/gin-gonic/gin.(*Context).Next',
  ]);
});

test('goroutines at one stack that other go statements started are told apart, those of most of them first', () => {
  const goroutine = (id: number, creator: string, line: number) =>
    [
      `goroutine ${id} [select]:`,
      'net/http.(*persistConn).writeLoop(0xc0001)',
      '\t/go/src/net/http/transport.go:2600 +0x1f',
      `created by ${creator} in goroutine 1`,
      `\t/app/main.go:${line} +0x5c`,
      '',
    ].join('\n');
  const dump = [1, 2, 3].map(id => goroutine(id, 'main.poll', 9)).concat(goroutine(4, 'main.announce', 30));
  const stack = [
    {
      function: 'net/http.(*persistConn).writeLoop',
      file: '/go/src/net/http/transport.go',
      line: 2600,
    },
  ];
  expect(creatorsOf(dump.join('\n'))(stack).map(({ count, createdBy }) => [count, createdBy])).toEqual([
    [3, { function: 'main.poll', file: '/app/main.go', line: 9 }],
    [1, { function: 'main.announce', file: '/app/main.go', line: 30 }],
  ]);
});
