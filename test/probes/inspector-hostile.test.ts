import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { Cdp } from '../../src/probes/sources/cdp.js';
import { inspector } from '../../src/probes/sources/inspector.js';
import { takeSnapshot } from '../../src/probes/sources/inspector-snapshot.js';
import { type Answers, serveInspector } from '../support/inspector-lookalike.js';
import { freePort } from '../support/servers.js';

const target = { url: new URL('http://127.0.0.1:1'), ports: [] };

/** Says that it is up, and exits once its input has ended. */
const ending = `console.log('up'); process.stdin.resume().on('end', () => process.exit(3));`;

/** A probe of an inspector that answers a call as it should, but for those in `instead`. */
async function probeOf(instead: Record<string, Answers>) {
  const usual: Record<string, unknown> = {
    'Runtime.getHeapUsage': { usedSize: 5000 },
    'Runtime.evaluate': { result: { value: [1, 2, 3] } },
  };
  const url = await serveInspector((method, id) =>
    instead[method] ? instead[method](method, id) : [{ id, result: usual[method] ?? {} }],
  );
  const probe = await inspector(target, url);
  onTestFinished(() => probe.close?.());
  return probe;
}

test.each<[string, object, string]>([
  ['no result', {}, 'HeapProfiler.getSamplingProfile returned no profile'],
  [
    'a number for a profile',
    { result: { profile: 5 } },
    'HeapProfiler.getSamplingProfile returned no profile',
  ],
  ['an error without a message', { error: 'no' }, 'HeapProfiler.getSamplingProfile: it failed'],
  [
    'a profile of 33 MiB',
    { result: { profile: { x: 'y'.repeat(33 * 2 ** 20) } } },
    'the sampling heap profile is larger than 32 MiB',
  ],
])('an inspector that answers %s has no profile, and its readings go on', async (_, answer, why) => {
  const probe = await probeOf({ 'HeapProfiler.getSamplingProfile': (__, id) => [{ id, ...answer }] });
  await expect(probe.profile!()).rejects.toThrow(`The inspector probe failed: ${why}.`);
  expect((await probe.read()).values).toMatchObject({ heap: 5000, 'active-handles': 3 });
});

test('an error message of any length is cut', async () => {
  const message = 'x'.repeat(100_000);
  const probe = await probeOf({
    'HeapProfiler.getSamplingProfile': (_, id) => [{ id, error: { message } }],
  });
  const error: Error = await probe.profile!().catch(error => error);
  expect(error.message.length).toBeLessThan(500);
});

test('what is no number is no reading', async () => {
  const text = await probeOf({ 'Runtime.getHeapUsage': (_, id) => [{ id, result: { usedSize: '5' } }] });
  await expect(text.read()).rejects.toThrow('Runtime.getHeapUsage returned no usedSize');
  const evaluated = await probeOf({
    'Runtime.evaluate': (_, id) => [{ id, result: { result: { value: ['a', null, {}] } } }],
  });
  expect((await evaluated.read()).values).toEqual({ heap: 5000 });
});

test('a piece of a snapshot without its content does no harm', async () => {
  const probe = await probeOf({
    'HeapProfiler.takeHeapSnapshot': (_, id) => [
      { method: 'HeapProfiler.addHeapSnapshotChunk' },
      { id, result: {} },
    ],
  });
  const pieces: unknown[] = [];
  for await (const piece of probe.snapshot!()) pieces.push(piece);
  expect(pieces).toEqual(['undefined']);
});

test('a snapshot that tells progress for ever is given up', async () => {
  const url = await serveInspector(() => [{ method: 'HeapProfiler.reportHeapSnapshotProgress', params: {} }]);
  const cdp = await Cdp.open(url);
  onTestFinished(() => cdp.close());
  const pieces = takeSnapshot(cdp, 10_000, 50);
  await expect(pieces.next()).rejects.toThrow('the heap snapshot was not complete after 0.05 s');
});

test('a Node process that ends is not kept by its inspector: leakhunt lets go of it', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [`--inspect=127.0.0.1:${port}`, '-e', ending], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const probe = await inspector(target, `127.0.0.1:${port}`);
  onTestFinished(() => probe.close?.());
  const ended = once(child, 'exit');
  child.stdin.end();
  expect(await ended).toEqual([3, null]);
  await expect(probe.read()).rejects.toMatchObject({ code: 'PROBE_FAILED' });
});
