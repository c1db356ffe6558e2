/** Bytes of protobuf, written by hand: whatever order, form or fault a test needs. */
export type Bytes = number[];

export function varint(value: number | bigint): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: Bytes = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

export const int = (field: number, value: number | bigint): Bytes => [...varint(field * 8), ...varint(value)];

export const chunk = (field: number, ...content: Bytes[]): Bytes => {
  const all = content.flat();
  return [...varint(field * 8 + 2), ...varint(all.length), ...all];
};

export const text = (field: number, string: string): Bytes => chunk(field, [...Buffer.from(string)]);

export const packed = (field: number, ...values: (number | bigint)[]): Bytes =>
  chunk(field, values.flatMap(varint));

export const bytesOf = (...parts: Bytes[]): Uint8Array => Uint8Array.from(parts.flat());

/** The fields of a profile with the sample type `count/1`, two functions, one location with both inlined. */
export const parts = {
  type: chunk(1, int(1, 1), int(2, 2)),
  sample: chunk(2, packed(1, 7), packed(2, 42)),
  location: chunk(
    4,
    int(1, 7),
    int(3, 0xffff_ffff_ffff_fff0n),
    chunk(4, int(1, 1), int(2, 10)),
    chunk(4, int(1, 2), int(2, 20)),
  ),
  functions: [...chunk(5, int(1, 1), int(2, 3), int(4, 5)), ...chunk(5, int(1, 2), int(2, 4), int(4, 5))],
  strings: ['', 'count', '1', 'inner', 'outer', 'app.go'].flatMap(each => text(6, each)),
};
