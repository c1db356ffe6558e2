import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sampleOf } from '../../src/probes/sources/docker.js';
import { containerIn, endOf, inspect } from '../../src/target/containers/container.js';
import { ask, type Engine, engines } from '../../src/target/containers/engine.js';
import { containerNamed } from '../../src/target/containers/find.js';
import { proxied } from '../../src/target/locate/published.js';
import { addressesIn, localIn } from '../../src/target/processes/namespaces.js';
import { serve } from '../support/servers.js';

const id = 'ecde661d0042f528cf2f0b5606c568dfe7f11d7365faa6931205c799ab7d21fc';
const silent: Engine = { address: 'unix:///nowhere', local: true };

/** As Docker 20.10 describes a container, the rest left out. */
const described = {
  Id: id,
  Name: '/leaky',
  State: { Running: true, OOMKilled: false, Pid: 1454, ExitCode: 0, StartedAt: '2026-11-26T02:24:47Z' },
  HostConfig: { Memory: 536_870_912 },
};
const listed = [{ Id: id, Names: ['/leaky'], Ports: [{ PublicPort: 8084, Type: 'tcp', IP: '127.0.0.1' }] }];

/** An engine on a Unix socket. */
async function engineOf(listener: RequestListener): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-engine-'));
  const server = createServer(listener).listen(join(folder, 'sock'));
  await new Promise(resolve => server.once('listening', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  return { address: `unix://${folder}/sock`, local: true };
}

const answering =
  (pages: Record<string, unknown>): RequestListener =>
  ({ url = '' }, response) => {
    response.statusCode = Object.hasOwn(pages, url) ? 200 : 404;
    response.end(JSON.stringify(pages[url] ?? { message: 'No such container' }));
  };

test('an engine is asked over its Unix socket, and over TCP', async () => {
  const pages = answering({ '/containers/leaky/json': described });
  const [socket] = [await engineOf(pages)];
  const tcp = { address: (await serve(pages)).replace('http:', 'tcp:'), local: false };
  for (const engine of [socket, tcp]) {
    expect(await inspect(engine, 'leaky')).toEqual({
      engine,
      id,
      ...{ name: 'leaky', running: true, pid: 1454, startedAt: '2026-11-26T02:24:47Z' },
      ...{ outOfMemory: false, exitCode: 0, memory: 536_870_912 },
    });
  }
});

test.each<[string, RequestListener, string]>([
  [
    'never ends',
    (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(2 ** 20, ' ')));
      };
      response.on('drain', more);
      more();
    },
    'its response is larger than 4 MiB',
  ],
  ['hangs', () => {}, 'no complete response within 0.3 s'],
  ['hangs in its middle', (_, response) => response.write('{'), 'no complete response within 0.3 s'],
  ['is no JSON', (_, response) => response.end('<html>'), 'its response is not JSON'],
])('an answer that %s is given up', async (_, listener, words) => {
  const engine = await engineOf(listener);
  await expect(ask(engine, '/', 300)).rejects.toThrow(`${engine.address}: ${words}`);
});

test.each([[null], [[]], [{ Id: '../x', State: { StartedAt: '' } }], [{ Id: id, State: 5 }]])(
  '%j describes no container',
  body => {
    expect(containerIn(body, silent)).toBeUndefined();
  },
);

test('what is no number in a description is left out', () => {
  const odd = {
    ...described,
    State: { StartedAt: '', Pid: '1', OOMKilled: 'no' },
    HostConfig: { Memory: -1 },
  };
  const found = containerIn(odd, silent)!;
  expect([found.pid, found.memory, found.outOfMemory, found.running]).toEqual([
    undefined,
    undefined,
    false,
    false,
  ]);
});

test('a name that no engine knows is refused with those that run', async () => {
  const engine = await engineOf(answering({ '/containers/json': listed }));
  await expect(containerNamed('web/../x', [engine, silent])).rejects.toThrow(
    'there is no container "web/../x": there are leaky',
  );
});

test('a name is refused where no engine answers, and where two have it', async () => {
  await expect(containerNamed('leaky', [silent])).rejects.toThrow(
    'no container engine responds (unix:///nowhere: ENOENT): start it, or set DOCKER_HOST',
  );
  const other = { ...described, Id: `f${id.slice(1)}` };
  const all = [described, other].map(each => engineOf(answering({ '/containers/leaky/json': each })));
  await expect(containerNamed('leaky', await Promise.all(all))).rejects.toThrow(
    'two engines have a container named leaky',
  );
});

test('a container that has ended is refused with the reason', async () => {
  const ended = { ...described, State: { ...described.State, Running: false, OOMKilled: true } };
  const engine = await engineOf(answering({ '/containers/leaky/json': ended }));
  await expect(containerNamed('leaky', [engine])).rejects.toThrow(
    'container leaky is not running (killed by the kernel: out of memory): start it',
  );
});

test.each([
  [{}, undefined],
  [
    { running: false, exitCode: 137, outOfMemory: true },
    'was killed by the kernel: out of memory at 512 MiB',
  ],
  [
    { startedAt: 'later', outOfMemory: true },
    'was killed by the kernel: out of memory at 512 MiB, and was restarted',
  ],
  [{ startedAt: 'later' }, 'was restarted'],
  [{ running: false, exitCode: 3 }, 'ended with status 3'],
])('a container that is now %j ended so', (change, words) => {
  const before = containerIn(described, silent)!;
  const end = endOf(before, { ...before, ...change });
  expect(end).toBe(words && `container leaky ${words}`);
});

test('the environment says which engine is asked, and how', () => {
  const of = (env: NodeJS.ProcessEnv) => engines(env).map(({ address, unspoken }) => [address, unspoken]);
  expect(of({ DOCKER_HOST: 'unix:///a/sock' })).toEqual([['unix:///a/sock', undefined]]);
  expect(of({ DOCKER_HOST: 'tcp://me:pw@host:2375' })).toEqual([['tcp://host:2375', undefined]]);
  expect(of({ DOCKER_HOST: 'ssh://host' })[0]![1]).toContain('only supports unix:// and tcp://');
  expect(of({ DOCKER_HOST: 'tcp://host:2376', DOCKER_TLS_VERIFY: '1' })[0]![1]).toContain('TLS');
  expect(of({ XDG_RUNTIME_DIR: '/run/user/7' }).map(([address]) => address)).toEqual(
    expect.arrayContaining(['unix:///var/run/docker.sock', 'unix:///run/user/7/podman/podman.sock']),
  );
});

test.each([
  ['v2', { anon: 10, shmem: 2, file: 90 }, { anon: 10, shmem: 2, threads: 4 }],
  ['v1', { rss: 1, total_rss: 10, cache: 90 }, { anon: 10, threads: 4 }],
])('the statistics of cgroup %s give anonymous memory, not the page cache', (_, stats, values) => {
  const body = { memory_stats: { usage: 100, max_usage: 120, stats }, pids_stats: { current: 4 } };
  expect(sampleOf(body)).toEqual({ values, peak: 120 });
});

test('statistics that do not tell anonymous memory from the page cache are refused', () => {
  expect(() => sampleOf({ memory_stats: { usage: 100 } })).toThrow('do not separate anonymous memory');
});

test("docker-proxy's arguments say where it hands on", () => {
  const words = (ip: string) =>
    `docker-proxy -proto tcp -host-port 1 -container-ip ${ip} -container-port 8000`.split(' ');
  expect(proxied(words('172.17.0.2'))).toEqual({ host: '172.17.0.2', port: 8000 });
  expect(proxied(words('fd00::2'))).toEqual({ host: '[fd00::2]', port: 8000 });
  expect(proxied(['conmon', '-n', 'web'])).toBeUndefined();
  expect(proxied(['docker-proxy', '-container-ip'])).toBeUndefined();
});

test('the addresses of a network namespace are read from its tables', () => {
  const trie = `Local:
        |-- 127.0.0.1
           /32 host LOCAL
        |-- 172.17.0.0
           /16 link UNICAST
           |-- 172.17.0.2
              /32 host LOCAL
           |-- 172.17.255.255
              /32 link BROADCAST`;
  expect(localIn(trie)).toEqual(['172.17.0.2']);
  const six = `00000000000000000000000000000001 01 80 10 80       lo
fd000000000000000000000000000002 5c 40 00 80     eth0\n`;
  expect(addressesIn(six)).toEqual(['[fd00::2]']);
});
