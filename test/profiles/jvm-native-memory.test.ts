import { expect, test } from 'vitest';
import { nativeMemory } from '../../src/profiles/jvm/native-memory.js';

// Written by JDK 17, shortened.
const page = `21056:

Native Memory Tracking:

Total: reserved=8027651016, committed=484252616
       malloc: 7281608 #3860
       mmap:   reserved=8020369408, committed=476971008

-                 Java Heap (reserved=6320816128, committed=406847488)
                            (mmap: reserved=6320816128, committed=406847488) 
 
-                    Thread (reserved=19974504, committed=862568)
                            (thread #19)
                            (stack: reserved=19922944, committed=811008)
 
-                     Other (reserved=8192, committed=8192)
                            (malloc=8192 #1) (at peak) 
 
-       Native Memory Tracking (reserved=67816, committed=67816)
`;

test('native memory is told by what it is for, without the heap', () => {
  const [profile] = nativeMemory(Buffer.from(page));
  expect(profile).toMatchObject({ resource: 'anon', kind: 'descriptors' });
  expect(profile!.rows.map(({ stack, value }) => [stack[0]!.function, value])).toEqual([
    ['native memory: Thread (stacks of threads)', 862_568],
    ['native memory: Other (direct buffers and Unsafe)', 8192],
    ['native memory: Native Memory Tracking', 67_816],
  ]);
});

test('a JVM that does not count it has none', () => {
  expect(nativeMemory(Buffer.from('1:\nNative memory tracking is not enabled\n'))[0]!.rows).toEqual([]);
});
