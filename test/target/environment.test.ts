import { expect, test } from 'vitest';
import { measurable } from '../../src/target/start/environment.js';

test.each([
  [undefined, 'memprofilerate=65536,tracebackancestors=10'],
  ['gctrace=1', 'gctrace=1,memprofilerate=65536,tracebackancestors=10'],
  ['memprofilerate=1', 'memprofilerate=1,tracebackancestors=10'],
  ['tracebackancestors=3,memprofilerate=4096', 'tracebackancestors=3,memprofilerate=4096'],
])('with GODEBUG=%s a target is started with %s', (given, set) => {
  expect(measurable(given === undefined ? {} : { GODEBUG: given }, '/agents').GODEBUG).toBe(set);
});

test.each([
  [undefined, '-XX:NativeMemoryTracking=summary -XX:TLABSize=64k -XX:-ResizeTLAB'],
  ['-Xmx64m', '-Xmx64m -XX:NativeMemoryTracking=summary -XX:TLABSize=64k -XX:-ResizeTLAB'],
  ['-XX:NativeMemoryTracking=detail', '-XX:NativeMemoryTracking=detail -XX:TLABSize=64k -XX:-ResizeTLAB'],
])('with JDK_JAVA_OPTIONS=%s a target is started with %s', (given, set) => {
  expect(measurable(given === undefined ? {} : { JDK_JAVA_OPTIONS: given }, '/agents').JDK_JAVA_OPTIONS).toBe(
    set,
  );
});
