import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { huntIn, type Lab, startLab } from '../support/containers.js';
import { startProcess } from '../support/process.js';
import { describeWith } from '../support/toolchain.js';

let lab: Lab;
let lastPort = 8100;

/** Starts a container for the time of a test; the port it is published at, and its process. */
async function published(name: string, { options = [], args = [], address = '127.0.0.1:' }: Given = {}) {
  lastPort += 1;
  await lab.run(name, `${address}${lastPort}:8000`, options, args);
  // One run with --rm is gone by itself.
  onTestFinished(async () => void (await lab.engine('rm', '-f', name).catch(() => '')));
  return { port: lastPort, pid: Number(await inspected(name, '{{.State.Pid}}')) };
}

interface Given {
  options?: string[];
  args?: string[];
  address?: string;
}

async function inspected(name: string, format: string): Promise<string> {
  return (await lab.engine('inspect', '--format', format, name)).trim();
}

const leaking = { args: ['-leak', 'body'] };

describeWith('docker', 'a container of Docker', () => {
  beforeAll(async () => {
    lab = await startLab('docker');
  });
  afterAll(() => lab?.stop());

  describe('with a published port', () => {
    test('is measured in the place of docker-proxy, and its leak found', async () => {
      const { port, pid } = await published('leaky', leaking);
      const record = await huntIn(lab, port);
      expect(record.target).toMatchObject({ pid, through: [{ name: 'docker-proxy' }] });
      expect([record.verdict, record.exitCode]).toEqual(['leak', 1]);
      expect(record.resources).toContainEqual(expect.objectContaining({ name: 'heap', source: 'pprof' }));
    });

    test('is called flat where it keeps nothing', async () => {
      const { port, pid } = await published('flat');
      const record = await huntIn(lab, port);
      expect([record.target.pid, record.verdict, record.exitCode]).toEqual([pid, 'flat', 0]);
    });

    test('on every address, by two proxies, is one target', async () => {
      const { port, pid } = await published('both', { address: '' });
      const { stdout } = await lab.leakhunt(['probe', `http://localhost:${port}/upload`, '--json']);
      expect(JSON.parse(stdout).target).toMatchObject({ pid, through: [{ name: 'docker-proxy' }] });
      const { code, stderr } = await lab.leakhunt([
        ...['upload', `http://127.0.0.1:${port}/upload`, '--start', 'sleep 60'],
      ]);
      expect(code).toBe(4);
      expect(stderr.match(/docker-proxy /g)).toHaveLength(1);
      expect(stderr.replace(/\s+/g, ' ')).toContain(
        'which serves container both: stop it (docker stop both), or hunt it without --start.',
      );
    });

    test('is found without its engine', async () => {
      const { port, pid } = await published('alone');
      const { stdout } = await lab.leakhunt(['probe', `http://127.0.0.1:${port}/`, '--json'], {
        env: { DOCKER_HOST: 'unix:///nowhere' },
      });
      expect(JSON.parse(stdout).target).toMatchObject({ pid, through: [{ name: 'docker-proxy' }] });
    });

    test('is found behind a forwarder that uses its own address', async () => {
      const { pid } = await published('behind');
      const address = await inspected('behind', '{{.NetworkSettings.IPAddress}}');
      lastPort += 1;
      const listen = `TCP-LISTEN:${lastPort},bind=127.0.0.1,fork,reuseaddr`;
      const line = ['nsenter', lab.enter, 'socat', '-d', '-d', listen, `TCP:${address}:8000`];
      const front = await startProcess('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', ...line], {
        ready: /listening on/,
      });
      onTestFinished(async () => void (await front.stop()));
      const { stdout } = await lab.leakhunt(['probe', `http://127.0.0.1:${lastPort}/upload`, '--json']);
      expect(JSON.parse(stdout).target).toMatchObject({ pid, through: [{ name: 'socat' }] });
    });

    test("that another user may not look into is read by its engine's statistics", async () => {
      const { port } = await published('hidden');
      await lab.inside('chmod', '666', `${lab.folder}/sock`);
      const { stdout } = await lab.leakhunt(['probe', `http://127.0.0.1:${port}/`, '--json'], {
        before: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
        env: { HOME: '/nonexistent' },
      });
      const { probes, resources } = JSON.parse(stdout);
      expect(probes).toContainEqual(
        expect.objectContaining({ source: 'docker', endpoint: expect.stringContaining('its statistics') }),
      );
      expect(resources).toContainEqual(expect.objectContaining({ name: 'anon', source: 'docker' }));
    });
  });

  describe('by its name', () => {
    test('is measured by its process', async () => {
      const { port, pid } = await published('named', leaking);
      const record = await huntIn(lab, port, '--probe', 'docker=named', '--probe', 'auto');
      expect([record.target.pid, record.verdict, record.exitCode]).toEqual([pid, 'leak', 1]);
      expect(record.resources).toContainEqual(expect.objectContaining({ name: 'anon', source: 'docker' }));
    });

    test('that there is not is refused with those there are', async () => {
      const { port } = await published('other');
      const { code, stderr } = await lab.leakhunt([
        ...['probe', `http://127.0.0.1:${port}/`, '--probe', 'docker=web'],
      ]);
      expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([
        4,
        expect.stringContaining('there is no container "web": there are other'),
      ]);
    });
  });

  test.each([
    ['', []],
    [', and is started again', ['--restart=always']],
    [', and is removed', ['--rm']],
  ])('that runs out of its memory ends the hunt with the reason%s', async (_, options) => {
    const { port } = await published('hungry', { ...leaking, options: ['-m', '64m', ...options] });
    const record = await huntIn(lab, port, '--size', '1MB');
    expect([record.verdict, record.exitCode]).toEqual(['inconclusive', 4]);
    expect(record.error?.message).toContain(
      'container hungry was killed by the kernel: out of memory at 64.0 MiB',
    );
  });

  describe('that --start starts', () => {
    const command = (name: string, port: number, options: string) =>
      `/usr/bin/docker run ${options} --rm --name ${name} -e TMPDIR=/tmp/of-its-own -p 127.0.0.1:${port}:8000 plain:1 /plain -addr :8000 -leak body`;

    test('in the foreground is measured, and stopped at the end', async () => {
      lastPort += 1;
      const record = await huntIn(lab, lastPort, '--start', command('own', lastPort, ''));
      expect(record.target.through).toMatchObject([{ name: 'docker-proxy' }]);
      expect([record.verdict, record.exitCode]).toEqual(['leak', 1]);
      expect(record.warnings.join()).not.toContain('still in use');
      expect(await lab.engine('ps', '-q', '--filter', 'name=own')).toBe('');
    });

    test('in the background is measured, and named with what stops it', async () => {
      lastPort += 1;
      onTestFinished(async () => void (await lab.engine('rm', '-f', 'daemon')));
      const record = await huntIn(lab, lastPort, '--start', command('daemon', lastPort, '-d'));
      expect([record.verdict, record.exitCode]).toEqual(['leak', 1]);
      expect(record.warnings.join(' ')).toContain(
        'which serves container daemon, which leakhunt did not stop: docker stop daemon does',
      );
    });
  });
});

describeWith('podman', 'a container of podman', () => {
  beforeAll(async () => {
    lab = await startLab('podman');
  });
  afterAll(() => lab?.stop());

  test('with a published port is measured in the place of conmon, and its leak found', async () => {
    const { port, pid } = await published('leaky', leaking);
    const record = await huntIn(lab, port);
    expect(record.target).toMatchObject({ pid, through: [{ name: 'conmon' }] });
    expect([record.verdict, record.exitCode]).toEqual(['leak', 1]);
  });

  test('is measured by its name', async () => {
    const { port, pid } = await published('named');
    const { stdout } = await lab.leakhunt([
      ...['probe', `http://127.0.0.1:${port}/`, '--json', '--probe', 'docker=named'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ target: { pid }, probes: [{ source: 'docker' }] });
  });
});
