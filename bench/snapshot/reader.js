/** Reads one snapshot, from a file or an inspector, as far as it is told, and prints what that took. */
import { createReadStream } from 'node:fs';
import { inspector } from '../../src/probes/sources/inspector.ts';
import { summarise } from '../../src/profiles/v8/classes.ts';
import { retainingPath } from '../../src/profiles/v8/retaining-path.ts';
import { readSnapshot } from '../../src/profiles/v8/snapshot.ts';

const [, , from, how] = process.argv;
const live = from.startsWith('ws:');
const probe = live ? await inspector({ url: new URL('http://127.0.0.1'), ports: [] }, from) : undefined;
const begun = performance.now();
const snapshot = await readSnapshot(
  probe ? probe.snapshot() : createReadStream(from, { highWaterMark: 2 ** 17 }),
);
const objects =
  how === 'read' ? undefined : summarise(snapshot).find(each => each.name === 'Upload')?.instances;
const path = how === 'path' ? retainingPath(snapshot, { name: 'Upload' }, 0) : undefined;
const seconds = (performance.now() - begun) / 1000;
await probe?.close();
const { bytes, nodes, edges } = snapshot;
console.log(
  JSON.stringify({
    bytes,
    nodes,
    edges,
    objects,
    path,
    seconds,
    peak: process.resourceUsage().maxRSS * 1024,
  }),
);
