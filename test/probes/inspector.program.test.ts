import { afterEach, describe, expect, test } from 'vitest';
import type { Probe } from '../../src/probes/probe.js';
import { Cdp } from '../../src/probes/sources/cdp.js';
import { inspector } from '../../src/probes/sources/inspector.js';
import { takeSnapshot } from '../../src/probes/sources/inspector-snapshot.js';
import { summarise } from '../../src/profiles/v8/classes.js';
import { retainingPaths } from '../../src/profiles/v8/retaining-path.js';
import { v8Sampling } from '../../src/profiles/v8/sampling.js';
import { readSnapshot } from '../../src/profiles/v8/snapshot.js';
import { type DemoLeak, type DemoTarget, startDemo } from '../../src/target/demo/demo.js';
import { growthByClass } from '../../src/verdict/culprits/class-growth.js';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function demo(leak: DemoLeak): Promise<DemoTarget> {
  const target = await startDemo(leak);
  opened.push(target.stop);
  return target;
}

async function probeOf(target: DemoTarget): Promise<Probe> {
  const probe = await inspector({ url: new URL(target.url), ports: [] }, target.inspector);
  opened.push(() => probe.close!());
  return probe;
}

const fileBytes = 30_000;

async function upload(target: DemoTarget, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const body = new FormData();
    body.set('file', new Blob([Buffer.alloc(fileBytes, 'x')]), 'a.txt');
    const answer = await fetch(target.url, { method: 'POST', body });
    expect(await answer.json()).toEqual({ bytes: fileBytes });
  }
}

/** Three snapshots with uploads between, as a hunt takes them after it has seen a leak. */
async function series(target: DemoTarget, each: number) {
  const probe = await probeOf(target);
  await upload(target, each);
  const snapshots = [];
  for (let uploads = each; ; uploads += each) {
    const snapshot = await readSnapshot(probe.snapshot!());
    snapshots.push({ uploads, classes: summarise(snapshot), lastId: snapshot.lastId });
    if (snapshots.length === 3)
      return { growth: growthByClass(snapshots), last: snapshot, before: snapshots.at(-2)!.lastId };
    await upload(target, each);
  }
}

describe('a series of heap snapshots', { timeout: 60_000 }, () => {
  test('of a server that keeps every file names Buffer, its bytes per upload and the array', async () => {
    const { growth, last, before } = await series(await demo('buffers'), 30);
    const [top] = growth;
    expect(top!.name).toBe('Buffer');
    // A buffer of a connection that is just being closed may be in one snapshot and not in the next.
    const { estimate, low, high } = top!.instances;
    expect(Math.abs(estimate - 1)).toBeLessThan(0.1);
    expect([low <= 1, high >= 1]).toEqual([true, true]);
    expect(top!.outside.estimate).toBeCloseTo(fileBytes * estimate, -3);
    // Of V8's heap a Buffer takes an object, and another for its ArrayBuffer.
    expect(top!.bytes.estimate).toBeGreaterThan(150);
    expect(top!.bytes.estimate).toBeLessThan(250);
    expect(retainingPaths(last, [top!], before)).toEqual([
      ['recentUploads (Array) in demo-server.js', '[n] (Buffer)'],
    ]);
  });

  test('of a server that adds a listener per upload names the listener and what it is on', async () => {
    const { growth, last, before } = await series(await demo('listeners'), 30);
    const listener = growth.find(each => each.file?.endsWith('demo-server.js') && each.instances.low > 0.9);
    expect(listener).toMatchObject({ name: 'function (anonymous)', instances: { estimate: 1 } });
    expect(retainingPaths(last, [listener!], before)).toEqual([
      [
        'configuration (EventEmitter) in demo-server.js',
        '._events (Object)',
        '.change (Array)',
        '[n] (function (anonymous))',
      ],
    ]);
  });
});

describe('a sampling profile', () => {
  test('of a server at work gives every stack its bytes and their error', async () => {
    const target = await demo('listeners');
    const probe = await probeOf(target);
    await upload(target, 300);
    const [raw] = await probe.profile!();
    expect(raw!.format).toBe('v8-sampling');
    const rows = v8Sampling(raw!.bytes)[0]!.rows;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(row => row.value > 0 && row.variance! > 0)).toBe(true);
  });

  test('is no longer made once the probe is closed', async () => {
    const target = await demo('none');
    const cdp = await Cdp.open(target.inspector);
    opened.push(() => cdp.close());
    const probe = await inspector({ url: new URL(target.url), ports: [] }, target.inspector);
    await probe.profile!();
    await probe.close!();
    await expect(cdp.call('HeapProfiler.getSamplingProfile')).rejects.toThrow('not started');
  });
});

describe('a target that stands still', () => {
  test('is given up when it tells no progress of its snapshot', async () => {
    const target = await demo('none');
    const cdp = await Cdp.open(target.inspector);
    opened.push(() => cdp.close());
    process.kill(target.pid, 'SIGSTOP');
    await expect(readSnapshot(takeSnapshot(cdp, 200))).rejects.toThrow(
      'HeapProfiler.takeHeapSnapshot: no progress within 0.2 s',
    );
  });

  test('ends its snapshot with an error when it is killed', async () => {
    const target = await demo('none');
    const probe = await probeOf(target);
    const pieces = probe.snapshot!()[Symbol.asyncIterator]();
    await pieces.next();
    process.kill(target.pid, 'SIGKILL');
    const rest = async () => {
      while (!(await pieces.next()).done);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'PROBE_FAILED' });
  });
});
