import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keptObjects, liveThreads, startedThreads } from '../../src/profiles/jvm/flight-recording.js';
import { siteOf } from '../../src/profiles/ownership.js';

const capture = (name: string) =>
  readFileSync(new URL(`../../fixtures/captures/jvm/${name}.json`, import.meta.url), 'utf8');

test('an object that is kept has the line that allocated it, and the static field that keeps it', () => {
  const [first] = keptObjects(capture('old-objects'));
  expect(first).toMatchObject({
    className: 'byte[]',
    keptBy: ['static Registry.uploads', 'ConcurrentHashMap', 'Upload.body', 'byte[]'],
  });
  expect(new Date(first!.allocatedAt).getUTCFullYear()).toBe(2026);
  expect(first!.stack[0]).toEqual({ function: 'Arrays.copyOf', file: 'java/util/Arrays.java', line: 3537 });
  expect(siteOf(first!.stack, 'call-site')).toEqual({
    function: 'Registry.keep',
    file: 'Registry.java',
    line: 37,
  });
});

test('a frame of a class that the JVM made for a lambda is left out', () => {
  const names = keptObjects(capture('old-objects'))[0]!.stack.map(frame => frame.function);
  expect(names).toContain('Main.lambda$main$0');
  expect(names.filter(name => name.includes('$$Lambda'))).toEqual([]);
});

test('a thread has its number and the line that led to its start', () => {
  const [first] = startedThreads(capture('thread-starts'));
  expect(first).toMatchObject({ id: expect.any(Number), name: expect.stringMatching(/^pool-\d+-thread-1$/) });
  expect(siteOf(first!.stack, 'call-site')).toEqual({
    function: 'Work.offload',
    file: 'Work.java',
    line: 57,
  });
});

test('the threads that live are those of a dump, of old JDKs and new ones', () => {
  const dump = [
    '"pool-1-thread-1" #427 prio=5 os_prio=0 cpu=0.18ms elapsed=8.38s tid=0x7f35 nid=0x675 waiting on condition',
    '   java.lang.Thread.State: WAITING (parking)',
    '"a "quoted" one" #30 [1234] daemon prio=5 os_prio=0 cpu=0.11ms',
    '"G1 Conc#0" os_prio=0 cpu=0.06ms',
  ];
  expect([...liveThreads(dump.join('\n'))]).toEqual([427, 30]);
});

test('no events and odd events are no objects, and what is no JSON is refused', () => {
  expect(keptObjects('{"recording": {"events": []}}')).toEqual([]);
  expect(keptObjects('{"recording": {"events": [{"values": {"object": null}}]}}')).toEqual([]);
  expect(() => keptObjects('')).toThrow(SyntaxError);
});

/** `Holder` holds `Node`s of a thread's own map; a file of Kotlin's functions. */
const event = {
  values: {
    allocationTime: '2026-11-26T10:00:00Z',
    stackTrace: {
      frames: [{ method: { name: 'keep', type: { name: 'com/example/RoutesKt' } }, lineNumber: 9 }],
    },
    object: {
      type: { name: '[J' },
      referrer: {
        field: { name: 'value' },
        object: {
          type: { name: 'java/lang/ThreadLocal$ThreadLocalMap$Entry' },
          referrer: {
            array: { index: 3 },
            object: {
              type: { name: '[Ljava/lang/ThreadLocal$ThreadLocalMap$Entry;' },
              referrer: {
                field: { name: 'table' },
                object: {
                  type: { name: 'java/lang/ThreadLocal$ThreadLocalMap' },
                  referrer: {
                    field: { name: 'threadLocals' },
                    object: {
                      type: { name: 'java/lang/Thread' },
                      description: 'Thread Name: pool-1-thread-3',
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

test('a thread that keeps an object is named, with its variable; Kotlin functions lie in a file of their own', () => {
  const [object] = keptObjects(JSON.stringify({ recording: { events: [event] } }));
  expect(object!.keptBy).toEqual([
    'thread "pool-1-thread-3".threadLocals',
    'ThreadLocal$ThreadLocalMap',
    'long[]',
  ]);
  expect(object!.stack).toEqual([{ function: 'RoutesKt.keep', file: 'com/example/Routes.kt', line: 9 }]);
});
