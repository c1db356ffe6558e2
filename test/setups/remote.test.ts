import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { discover } from '../../src/probes/discover.js';
import { buildGoTarget, describeWithGo } from '../support/go.js';
import { startRemote } from '../support/remote.js';
import { startTarget, type Target } from '../support/target.js';
import { describeWith } from '../support/toolchain.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const app = path('app.mjs');

/** Looks for sources where the process is not in sight. */
async function find({ url }: Target) {
  const { probes, missing } = await discover({ url: new URL(url), ports: [] }, ['auto']);
  onTestFinished(async () => {
    await Promise.all(probes.map(probe => probe.close?.()));
  });
  return { probes, whyNot: (name: string) => missing.find(({ source }) => source === name)?.why };
}

describeWith('namespaces', 'a server on another machine', () => {
  test('is read by its inspector where it is at the usual port, and shown to be its own', async () => {
    const { address, start } = await startRemote();
    const target = await start(process.execPath, [`--inspect=${address}:9229`, app, 'leak', address]);
    const { probes } = await find(target);
    expect(probes).toMatchObject([{ source: 'inspector', endpoint: `ws://${address}:9229/` }]);
    expect(probes[0]!.doubt).toBeUndefined();
  });

  test('is read by another inspector there too, and that it may be another process’s is said', async () => {
    const { address, start } = await startRemote();
    const target = await start(process.execPath, [app, 'leak', address]);
    await start(process.execPath, [`--inspect=${address}:9229`, app, 'flat', address]);
    const { probes } = await find(target);
    expect(probes).toMatchObject([
      { source: 'inspector', doubt: expect.stringContaining('may not belong to the target') },
    ]);
  });

  test('is not read by what answers at the usual port and is none', async () => {
    const { address, start } = await startRemote();
    const target = await start(process.execPath, [app, 'leak', address]);
    await start(process.execPath, [app, 'flat', address, '9229']);
    await start(process.execPath, [app, 'flat', address, '6060']);
    await expect(find(target)).rejects.toMatchObject({ code: 'NO_PROBE', exitCode: 4 });
  });

  describeWithGo('in Go', () => {
    test('is read by pprof at the usual port, and that it may be another process’s is said', async () => {
      const { address, start } = await startRemote();
      const target = await start(process.execPath, [app, 'leak', address]);
      await start(await buildGoTarget('go-plain'), ['-addr', `${address}:6060`]);
      const { probes } = await find(target);
      expect(probes).toMatchObject([
        { source: 'pprof', endpoint: `http://${address}:6060/debug/pprof/`, doubt: expect.any(String) },
      ]);
    });
  });
});

describeWith('namespaces', "another user's server on this machine", () => {
  const running = async (...args: string[]) => {
    const target = await startTarget(process.execPath, args);
    onTestFinished(async () => void (await target.stop()));
    return target;
  };

  /** As a user who cannot see into the processes of this one. */
  async function probeAsNobody(url: string): Promise<string> {
    const child = spawn(process.execPath, [path('../../bin/leakhunt.js'), 'probe', url], {
      uid: 65_534,
      gid: 65_534,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return (output[0] + output[1]).replace(/\s+/g, ' ');
  }

  test('is read by its inspector at the usual port', async () => {
    const { url } = await running('--inspect=127.0.0.1:9229', app, 'leak');
    const said = await probeAsNobody(url);
    expect(said).toContain('Found inspector: ws://127.0.0.1:9229/');
    expect(said).not.toContain('may not belong to the target');
  });

  test('is not read by an inspector of a process that does not listen where the uploads go', async () => {
    const { url } = await running(app, 'leak');
    await running('--inspect=127.0.0.1:9229', app, 'flat');
    expect(await probeAsNobody(url)).toContain(
      `ws://127.0.0.1:9229/ reports on a process that does not listen on port ${new URL(url).port}`,
    );
  });
});
