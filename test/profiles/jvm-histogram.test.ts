import { expect, test } from 'vitest';
import { jvmHistogram } from '../../src/profiles/jvm/histogram.js';

const table = ` num     #instances         #bytes  class name (module)
-------------------------------------------------------
   1:         22102        1602232  [B (java.base@17.0.18)
   2:          2001        80200016  [[Lcom.example.Upload;
   3:            12             96  com.example.Upload$Body
Total         24115       81802344
`;

test('classes are read with their instances and bytes, arrays in the words of the language', () => {
  const [heap, objects] = jvmHistogram(Buffer.from(table));
  expect(heap).toMatchObject({ resource: 'heap', kind: 'class' });
  expect(heap!.rows.map(({ stack, value }) => [stack[0]!.function, value])).toEqual([
    ['byte[]', 1602232],
    ['com.example.Upload[][]', 80200016],
    ['com.example.Upload$Body', 96],
  ]);
  expect(objects!.rows.map(({ value }) => value)).toEqual([22102, 2001, 12]);
});

test('what is no histogram has no classes', () => {
  expect(
    jvmHistogram(Buffer.from('com.sun.tools.attach.AttachNotSupportedException')).map(({ rows }) => rows),
  ).toEqual([[], []]);
});
