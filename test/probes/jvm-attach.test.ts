import { describe, expect, test } from 'vitest';
import { wayToTheHeap } from '../../src/probes/catalogue.js';
import { tracksNativeMemory } from '../../src/probes/sources/jcmd.js';
import { refusalIn } from '../../src/probes/sources/jvm-attach.js';

describe('a JVM refuses to be attached to', () => {
  test.each([
    [['java', '-XX:+DisableAttachMechanism', '-jar', 'a.jar'], '-XX:+DisableAttachMechanism'],
    [['java', '-XX:+DisableAttachMechanism', '-XX:-DisableAttachMechanism', '-jar', 'a.jar'], undefined],
    [['java', '-Xrs', 'Main'], '-Xrs'],
    [['java', '-XX:+ReduceSignalUsage', 'Main'], '-XX:+ReduceSignalUsage'],
    [['java', '-jar', 'a.jar'], undefined],
  ])('%j: %s', (options, refusal) => {
    expect(refusalIn(options)).toBe(refusal);
  });
});

test.each([
  [['-XX:NativeMemoryTracking=summary'], true],
  [['-XX:NativeMemoryTracking=detail'], true],
  [['-XX:NativeMemoryTracking=summary', '-XX:NativeMemoryTracking=off'], false],
  [['-Xmx64m'], false],
])('of a JVM with %j it is known whether native memory is counted: %s', (options, tracks) => {
  expect(tracksNativeMemory(options)).toBe(tracks);
});

test('where jcmd was refused, the way to the heap is the true reason, and not to install what is there', () => {
  const why = 'the JVM of process 7 was started with -Xrs, so that jcmd cannot attach';
  expect(wayToTheHeap({ runtime: 'java', missing: [{ source: 'jcmd', why }] })).toBe(
    `jcmd could not read it: ${why}. Another way is to serve /actuator.`,
  );
  expect(wayToTheHeap({ runtime: 'java' })).toBe('Install a JDK with jcmd, or serve /actuator.');
});
