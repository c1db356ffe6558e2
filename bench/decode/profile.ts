import { gunzipSync } from 'node:zlib';
import { sfc32 } from '../../src/fixtures/sfc32.js';
import type { Frame } from '../../src/profiles/frame.js';
import { encodePprof, type PprofRow } from '../../src/profiles/pprof/encode.js';

const functions = 4000;
const sizes = [16, 32, 48, 64, 96, 128, 256, 512, 1024, 4096, 8192, 65_536, 106_496];

/**
 * A heap profile as Go writes them, unpacked: stacks of 10 to 30 frames through a call graph, a size as
 * label.
 */
export function heapProfile(samples: number): Uint8Array {
  const random = sfc32(1);
  const below = (limit: number) => Math.floor((random.next() / 2 ** 32) * limit);
  // Each function calls a few others, each from a line of its own.
  const calls = Array.from({ length: functions }, (_, from) =>
    Array.from({ length: 1 + below(6) }, () => ({
      frame: frameOf(from, 10 + below(400)),
      to: below(functions),
    })),
  );
  function* rows(): Generator<PprofRow> {
    for (let i = 0; i < samples; i += 1) {
      const stack: Frame[] = [];
      let at = below(8);
      for (let depth = 10 + below(21); depth > 0; depth -= 1) {
        const call = calls[at]![below(calls[at]!.length)]!;
        stack.push(call.frame);
        at = call.to;
      }
      const size = sizes[below(sizes.length)]!;
      const [allocated, inUse] = [1 + below(20_000), below(100)];
      yield {
        stack: stack.reverse(),
        values: [allocated, allocated * size, inUse, inUse * size],
        labels: [{ key: 'bytes', number: size }],
      };
    }
  }
  const gzip = encodePprof({
    sampleTypes: [
      { type: 'alloc_objects', unit: 'count' },
      { type: 'alloc_space', unit: 'bytes' },
      { type: 'inuse_objects', unit: 'count' },
      { type: 'inuse_space', unit: 'bytes' },
    ],
    rows: rows(),
    periodType: { type: 'space', unit: 'bytes' },
    period: 524_288,
  });
  return gunzipSync(gzip);
}

function frameOf(index: number, line: number): Frame {
  const path = `example.com/shop/internal/module${index % 97}`;
  return {
    function: `${path}.(*Service${index % 31}).handle${index}`,
    file: `/src/${path}/file${index % 300}.go`,
    line,
  };
}
