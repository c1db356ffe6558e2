import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LeakhuntError } from '../../../src/errors.js';
import { summarise } from '../../../src/profiles/v8/classes.js';
import type { Snapshot } from '../../../src/profiles/v8/heap-graph.js';
import { nearestNames } from '../../../src/profiles/v8/nearest-name.js';
import { retainingPaths } from '../../../src/profiles/v8/retaining-path.js';
import { readSnapshot, SnapshotReader } from '../../../src/profiles/v8/snapshot.js';
import { cacheHeap, snapshotText } from './small-snapshot.js';

const capture = gunzipSync(
  readFileSync(
    fileURLToPath(new URL('../../../fixtures/captures/v8/uploads.heapsnapshot.gz', import.meta.url)),
  ),
);
const small = Buffer.from(snapshotText(cacheHeap));

function read(...pieces: (Uint8Array | string)[]): Snapshot {
  const reader = new SnapshotReader();
  for (const piece of pieces) reader.write(piece);
  return reader.end();
}

/** A digest of all that a reader of a snapshot can see. */
function contentsOf({ strings, ...rest }: Snapshot): string {
  const hash = createHash('sha256');
  for (const [key, value] of Object.entries(rest))
    hash.update(ArrayBuffer.isView(value) ? value : `${key} ${value}`);
  for (const name of [...rest.name, ...rest.edgeName]) hash.update(strings.at(name));
  return hash.digest('hex');
}

const badProfile = expect.objectContaining({ code: 'BAD_PROFILE', exitCode: 4 });

describe('a recorded snapshot', () => {
  const snapshot = read(capture);
  const classes = summarise(snapshot);
  const named = (name: string) => classes.find(each => each.name === name);

  test("counts the program's objects, and the bytes of their buffers to what shows them", () => {
    expect(named('Upload')).toEqual({
      name: 'Upload',
      file: '/app/uploads.mjs',
      line: 6,
      instances: 300,
      bytes: 300 * 40,
      outside: 0,
    });
    // Two are Node's own: 300 bodies of 1,000 bytes, each with two objects on V8's heap.
    expect(named('Uint8Array')).toMatchObject({ instances: 302 });
    expect(named('Uint8Array')!.outside).toBeGreaterThanOrEqual(300 * 1_000);
    expect(named('Uint8Array')!.outside).toBeLessThan(300 * 1_088);
    expect(named('Uint8Array')!.bytes).toBeGreaterThanOrEqual(300 * 88);
    expect(named('system / JSArrayBufferData')).toBeUndefined();
    expect(named('function store')).toMatchObject({ file: '/app/uploads.mjs', line: 15, instances: 1 });
  });

  test('has every byte once', () => {
    const all = snapshot.size.reduce((sum, size) => sum + size, 0);
    expect(classes.reduce((sum, { bytes, outside }) => sum + bytes + outside, 0)).toBe(all);
  });

  test('tells which variable keeps the objects of a class', () => {
    const wanted = ['Upload', 'Uint8Array', 'ArrayBuffer', 'NoSuchClass'].map(name => ({ name }));
    expect(retainingPaths(snapshot, wanted, 0)).toEqual([
      ['uploads (Map) in uploads.mjs', 'entry (Upload)'],
      ['uploads (Map) in uploads.mjs', 'entry (Upload)', '.body (Uint8Array)'],
      ['uploads (Map) in uploads.mjs', 'entry (Upload)', '.body (Uint8Array)', 'buffer (ArrayBuffer)'],
      undefined,
    ]);
  });

  test('is the same in pieces of any sizes', async () => {
    const whole = contentsOf(snapshot);
    for (const size of [1, 4_099, 100_000]) {
      async function* pieces() {
        for (let at = 0; at < capture.length; at += size) {
          const piece = capture.subarray(at, at + size);
          yield size === 4_099 ? piece.toString('latin1') : piece;
        }
      }
      expect(contentsOf(await readSnapshot(pieces()))).toEqual(whole);
    }
  });
});

describe('a small snapshot', () => {
  test('is the same wherever it is cut', () => {
    const whole = contentsOf(read(small));
    for (let at = 0; at <= small.length; at += 1) {
      expect(contentsOf(read(small.subarray(0, at), small.subarray(at)))).toEqual(whole);
    }
  });

  test('gives the bytes of a buffer to the first that shows it, and those of a table to its Map', () => {
    const classes = summarise(read(small));
    expect(classes.slice(0, 3)).toEqual([
      { name: 'Buffer', instances: 1, bytes: 96 + 88, outside: 5_000_000_000 },
      { name: 'Map', instances: 1, bytes: 232, outside: 0 },
      { name: '(compiled code)', instances: 2, bytes: 200, outside: 0 },
    ]);
    expect(classes).toContainEqual({ name: 'DataView', instances: 1, bytes: 80, outside: 0 });
    expect(classes.find(({ name }) => name === 'ArrayBuffer')).toBeUndefined();
    expect(classes).toContainEqual({
      name: 'Upload',
      file: '/app/server.mjs',
      line: 3,
      instances: 2,
      bytes: 96,
      outside: 0,
    });
  });

  test('follows no weak edge, and asks only objects that are new', () => {
    const snapshot = read(small);
    expect(retainingPaths(snapshot, [{ name: 'Upload' }], 15)[0]).toEqual([
      'cache (Map) in server.mjs',
      'entry (Upload)',
    ]);
    expect(retainingPaths(snapshot, [{ name: 'Upload' }], 19)[0]).toBeUndefined();
    expect(retainingPaths(snapshot, [{ name: '(string)' }], 15)[0]).toEqual([
      'cache (Map) in server.mjs',
      'entry (Upload)',
      '["größe 😀"] ((string))',
    ]);
    expect(snapshot.lastId).toBe(29);
  });

  test('names a function without a name by the nearest above it in its file', () => {
    const closure = (name: string, id: number): (typeof cacheHeap.nodes)[number] => [
      'closure',
      name,
      id,
      64,
      [['internal', 'shared', 5]],
    ];
    const snapshot = read(
      snapshotText({
        nodes: [
          ['synthetic', '', 1, 0, [1, 2, 3, 4].map(to => ['element', to, to])],
          closure('upload', 3),
          closure('', 5),
          closure('later', 7),
          closure('first', 9),
          ['code', 'upload', 11, 56, [['internal', 'script_or_debug_info', 6]]],
          ['code', 'file:///app/server.mjs', 13, 144, []],
        ],
        locations: [
          [1, 7, 10, 0],
          [2, 7, 12, 0],
          [3, 7, 20, 0],
          [4, 7, 0, 0],
        ],
      }),
    );
    const place = { file: '/app/server.mjs', line: 13 };
    const wanted = [
      { name: 'function (anonymous)', ...place },
      { name: 'function upload', ...place },
    ];
    expect(nearestNames(snapshot, wanted)).toEqual(['upload', undefined]);
    expect(nearestNames(snapshot, [{ name: 'Upload' }])).toEqual([]);
  });

  test('keeps the names and not the texts', () => {
    const { strings, name } = read(small);
    expect(strings.at(name[2]!)).toBe('handle "it"');
    expect(strings.at(name[14]!)).toBe('');
  });

  test.each([
    ['without an end', small.subarray(0, -1), 'it is cut off'],
    ['that is empty', Buffer.alloc(0), 'it is cut off'],
    ['that is an array', Buffer.from('[1]'), 'it is not the JSON of a heap snapshot'],
    ['without nodes', snapshotText({ nodes: [] }), 'something in its nodes is no number|it has no nodes'],
    [
      'with its edges first',
      small.toString().replace('"nodes"', '"edges"'),
      'its edges come before its nodes',
    ],
    ['with nodes twice', small.toString().replace('"edges"', '"nodes"'), 'it has nodes twice'],
    ['that is followed by more', `${small}{}`, 'it is not the JSON of a heap snapshot'],
    [
      'with an edge to nowhere',
      snapshotText({ nodes: [['synthetic', '', 1, 0, [['element', 1, 5]]]] }),
      'edge 0 leads nowhere',
    ],
    [
      'with a string missing',
      small.toString().replace(/,\n"[^"\n]*"\]\}$/, ']}'),
      'some of its strings are missing',
    ],
  ])('%s is an error with a code', (_, text, words) => {
    expect(() => read(text)).toThrow(badProfile);
    expect(() => read(text)).toThrow(new RegExp(words));
  });

  test('is believed only as far as it goes, whatever it declares', () => {
    const declared = { node_count: 4e9, edge_count: 1e15 };
    const snapshot = read(snapshotText({ ...cacheHeap, declared }));
    expect(snapshot.nodes).toBe(15);
    expect(snapshot.edgeTo.buffer.byteLength).toBeLessThan(10_000);
    expect(snapshot.size.buffer.byteLength).toBeLessThan(10_000);
  });

  test('with wrong bytes is read or is an error with a code, and never hangs', () => {
    const damage = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(damage, changes => {
        const damaged = Uint8Array.from(small);
        for (const [at, byte] of changes) damaged[at] = byte;
        // In numbers most of all, where the text stays JSON.
        const [at, byte] = changes[0]!;
        const digits = small.indexOf('"nodes"') + (at % 600);
        if (damaged[digits]! >= 0x30 && damaged[digits]! <= 0x39) damaged[digits] = 0x30 + (byte % 10);
        try {
          const snapshot = read(damaged);
          retainingPaths(snapshot, summarise(snapshot), 0);
        } catch (error) {
          expect(error).toBeInstanceOf(LeakhuntError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('with a linked list of many objects is followed to its end, and said in few words', () => {
    const length = 50_000;
    const nodes: typeof cacheHeap.nodes = [['synthetic', '', 1, 0, [['element', 1, 1]]]];
    for (let i = 1; i <= length; i += 1) {
      nodes.push(['object', 'Link', 2 * i + 1, 16, i < length ? [['property', 'next', i + 1]] : []]);
    }
    expect(retainingPaths(read(snapshotText({ nodes })), [{ name: 'Link' }], 2 * length - 20)[0]).toEqual([
      '[1] (Link)',
      '.next (Link)',
    ]);
  });

  test('tells the value of a WeakMap by its key, not by its table', () => {
    const name = '2 / part of key (Key @7) -> value (Value @9) pair in WeakMap (table @5)';
    const snapshot = read(
      snapshotText({
        nodes: [
          [
            'synthetic',
            '',
            1,
            0,
            [
              ['element', 1, 1],
              ['element', 2, 3],
            ],
          ],
          ['object', 'WeakMap', 3, 16, [['internal', 'table', 2]]],
          ['array', '', 5, 16, [['internal', name, 4]]],
          ['object', 'Key', 7, 16, [['internal', name, 4]]],
          ['object', 'Value', 9, 16, []],
        ],
      }),
    );
    expect(retainingPaths(snapshot, [{ name: 'Value' }], 0)[0]).toEqual(['[2] (Key)', 'entry (Value)']);
  });
});
