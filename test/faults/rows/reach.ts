import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { startProcess } from '../../support/process.js';
import { freePort } from '../../support/servers.js';
import { certificates } from '../certificates.js';
import { type Listener, Listeners, type ListenOptions } from '../listeners.js';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';

const pem = (name: string) => certificates().path(name);
const app = fileURLToPath(new URL('../../setups/app.mjs', import.meta.url));
const target = fileURLToPath(new URL('../target.mjs', import.meta.url));

const short = '-n 2 -c 2 --rounds 3 --warm-up 0 --settle 0.1 --size 1kB --json record.json';
const page = 'nodejs_heap_size_used_bytes 100000\n';

interface Reading {
  name: string;
  done: string;
  options?: ListenOptions;
  url(port: number): string;
  flags(ports: { server: number; proxy: number }): string;
  env?(proxy: number): Record<string, string>;
  credentials?: string;
  /** What every page that was asked for looks like to the server, or to the proxy. */
  asked: RegExp;
  /** What the report says of the way. */
  warns?: RegExp;
}

/** A page of metrics on the uploads' own origin is read by the way that the uploads take. */
function read({ name, done, options, url, flags, env, credentials, asked, warns }: Reading): Fault {
  return {
    name,
    group: 'probes',
    done,
    exitCode: 3,
    record: true,
    run: async folder => {
      await using listeners = new Listeners();
      const path = options?.path && { path: join(folder, options.path) };
      const server = await listeners.listen({ page, ...options, ...path });
      const proxy = await listeners.proxy(credentials);
      const given = flags({ server: server.port, proxy: proxy.port });
      const words = `leakhunt upload '${url(server.port)}' ${given} --probe prometheus ${short}`;
      const ended = await shell(words, folder, { ...(env && { env: env(proxy.port) }) });
      const pages = [...server.pages, ...proxy.pages, ...proxy.seen.filter(line => /^CONNECT/.test(line))];
      expect({ pages, stderr: ended.stderr }).toEqual({
        pages: expect.arrayContaining([expect.stringMatching(asked)]),
        stderr: ended.stderr,
      });
      const { warnings } = JSON.parse(await readFile(join(folder, 'record.json'), 'utf8')) as {
        warnings: string[];
      };
      if (warns) expect(warnings).toContainEqual(expect.stringMatching(warns));
      else expect(warnings.join()).not.toContain('a proxy');
      return ended;
    },
  };
}

const readings: Fault[] = [
  read({
    name: '-k reaches a page of metrics',
    done: '`-k --probe prometheus`, and a certificate of an unknown authority',
    options: { certificate: 'server' },
    url: port => `https://localhost:${port}/upload`,
    flags: () => '-k',
    asked: /^GET \/metrics .* over TLSv1.3/,
  }),
  read({
    name: '--cacert reaches a page of metrics',
    done: '`--cacert ca.pem --probe prometheus`',
    options: { certificate: 'server' },
    url: port => `https://localhost:${port}/upload`,
    flags: () => `--cacert ${pem('ca.pem')}`,
    asked: /^GET \/metrics .* over TLSv1.3/,
  }),
  read({
    name: '--cert reaches a page of metrics on the same origin',
    done: '`--cert client.pem --key client.key -k --probe prometheus`, and a server that insists on it',
    options: { certificate: 'server', rejectUnauthorized: true },
    url: port => `https://localhost:${port}/upload`,
    flags: () => `-k --cert ${pem('client.pem')} --key ${pem('client.key')}`,
    asked: /^GET \/metrics .* as client/,
  }),
  read({
    name: '--unix-socket reaches a page of metrics',
    done: '`--unix-socket app.sock --probe prometheus`',
    options: { path: 'app.sock' },
    url: () => 'http://localhost/upload',
    flags: () => '--unix-socket app.sock',
    asked: /^GET \/metrics .* to localhost/,
  }),
  read({
    name: '--resolve reaches a page of metrics',
    done: '`--resolve api.test:PORT:127.0.0.1 --probe prometheus`',
    url: port => `http://api.test:${port}/upload`,
    flags: ({ server }) => `--resolve api.test:${server}:127.0.0.1`,
    asked: /^GET \/metrics .* to api.test:/,
  }),
  read({
    name: '--workers takes the flags of a connection to its threads',
    done: '`--workers 2 -c 2 --resolve api.test:PORT:127.0.0.1`',
    url: port => `http://api.test:${port}/upload`,
    flags: ({ server }) => `--workers 2 --resolve api.test:${server}:127.0.0.1`,
    asked: /^GET \/metrics .* to api.test:/,
  }),
  read({
    name: '--connect-to reaches a page of metrics',
    done: '`--connect-to api.test:80:127.0.0.1:PORT --probe prometheus`',
    url: () => 'http://api.test/upload',
    flags: ({ server }) => `--connect-to api.test:80:127.0.0.1:${server}`,
    asked: /^GET \/metrics .* to api.test from/,
  }),
  read({
    name: '--interface reaches a page of metrics',
    done: '`--interface 127.0.0.2 --probe prometheus`',
    url: port => `http://127.0.0.1:${port}/upload`,
    flags: () => '--interface 127.0.0.2',
    asked: /^GET \/metrics .* from 127.0.0.2/,
  }),
  read({
    name: '--http2 reaches a page of metrics',
    done: '`--http2 -k --probe prometheus`, and a server of HTTP/2 alone',
    options: { certificate: 'server', http2: 'only' },
    url: port => `https://localhost:${port}/upload`,
    flags: () => '-k --http2',
    asked: /^GET \/metrics HTTP\/2.0/,
  }),
  read({
    name: '--http2-prior-knowledge reaches a page of metrics',
    done: '`--http2-prior-knowledge --probe prometheus`, and http://',
    options: { http2: 'only' },
    url: port => `http://localhost:${port}/upload`,
    flags: () => '--http2-prior-knowledge',
    asked: /^GET \/metrics HTTP\/2.0/,
  }),
  read({
    name: '-x and -U reach a page of metrics',
    done: '`-x 127.0.0.1:PORT -U me:secret --probe prometheus`',
    url: port => `http://api.test:${port}/upload`,
    flags: ({ proxy }) => `-x 127.0.0.1:${proxy} -U me:secret`,
    credentials: 'me:secret',
    asked: /^GET http:\/\/api.test:\d+\/metrics with credentials/,
  }),
  read({
    name: '-x reaches a page of metrics by a tunnel',
    done: '`-x 127.0.0.1:PORT -k --probe prometheus` and https://',
    options: { certificate: 'server' },
    url: port => `https://api.test:${port}/upload`,
    flags: ({ proxy }) => `-k -x 127.0.0.1:${proxy}`,
    asked: /^GET \/metrics .* by the name api.test/,
  }),
  read({
    name: 'http_proxy reaches a page of metrics',
    done: '`http_proxy` in the environment, and `--probe prometheus`',
    url: port => `http://api.test:${port}/upload`,
    flags: () => '',
    env: proxy => ({ http_proxy: `http://127.0.0.1:${proxy}` }),
    asked: /^GET http:\/\/api.test:\d+\/metrics/,
    warns: /^The uploads went through the proxy in the environment's http_proxy: bypass it with -x ''/,
  }),
];

/** An inspector beside uploads that go through a proxy: pages of its list are read, and its WebSocket is tunnelled. */
const inspected: Fault = {
  name: '-x reaches an inspector on the host of the uploads',
  group: 'probes',
  done: '`-x 127.0.0.1:PORT --probe inspector=127.0.0.1:PORT`',
  exitCode: 3,
  record: true,
  run: async folder => {
    await using listeners = new Listeners();
    const proxy = await listeners.proxy();
    const inspector = await freePort();
    const program = await startProcess(process.execPath, [`--inspect=127.0.0.1:${inspector}`, app, 'flat'], {
      ready: /^listening on (\S+)$/,
    });
    try {
      const flags = `-x 127.0.0.1:${proxy.port} --probe inspector=127.0.0.1:${inspector} --no-snapshots`;
      const ended = await shell(`leakhunt upload ${program.match[1]}/upload ${flags} ${short}`, folder);
      expect(proxy.pages, ended.stderr).toContain(`GET http://127.0.0.1:${inspector}/json/list`);
      expect(proxy.seen).toContain(`CONNECT 127.0.0.1:${inspector}`);
      return ended;
    } finally {
      await program.stop();
    }
  },
};

/** The same for a page elsewhere; what it must not be told is looked for by the row. */
function elsewhere(
  name: string,
  done: string,
  flags: () => string,
  check: (pages: string[], uploads: Listener) => void,
): Fault {
  return {
    name,
    group: 'secrets',
    done,
    exitCode: 3,
    run: async folder => {
      await using listeners = new Listeners();
      const uploads = await listeners.listen({ certificate: 'server' });
      const other = await listeners.listen({ certificate: 'server', page });
      const probe = `--probe prometheus=https://127.0.0.1:${other.port}/metrics`;
      const words = `leakhunt upload https://localhost:${uploads.port}/upload ${flags()} ${probe} ${short}`;
      const ended = await shell(words, folder);
      expect(other.pages, ended.stderr).not.toEqual([]);
      check(other.pages, uploads);
      return ended;
    },
  };
}

const secrets: Fault[] = [
  elsewhere(
    '-k reaches a page of metrics on another host',
    '`-k --probe prometheus=https://OTHER/metrics`',
    () => '-k',
    pages => expect(pages[0]).toMatch(/over TLS/),
  ),
  elsewhere(
    'the certificate of the client is not shown to another host',
    '`--cert client.pem -k --probe prometheus=https://OTHER/metrics`',
    () => `-k --cert ${pem('client.pem')} --key ${pem('client.key')}`,
    (pages, { seen }) => {
      expect(seen[0]).toContain('as client');
      expect(pages.filter(line => line.includes('as client'))).toEqual([]);
    },
  ),
  elsewhere(
    'the credentials of the uploads are not told to another host',
    '`-u me:secret -k --probe prometheus=https://OTHER/metrics`',
    () => '-k -u me:secret',
    (pages, { seen }) => {
      expect(seen[0]).toContain('with Basic');
      expect(pages.filter(line => line.includes('with Basic'))).toEqual([]);
    },
  ),
];

interface Starting {
  name: string;
  done: string;
  /** The words behind `node target.mjs`. */
  words(port: number): string;
  url(port: number): string;
  flags(port: number): string;
}

/** A target that --start starts is found to be ready by the way that the uploads take, and its process is read. */
function started({ name, done, words, url, flags }: Starting): Fault {
  return {
    name,
    group: 'target',
    done,
    exitCode: 3,
    record: true,
    run: async folder => {
      const port = await freePort();
      const command = `exec ${process.execPath} ${target} ${words(port)}`;
      const given = `--start '${command}' --ready-timeout 5 --probe pid ${flags(port)}`;
      const ended = await shell(`leakhunt upload '${url(port)}' ${given} ${short}`, folder);
      const record = JSON.parse(await readFile(join(folder, 'record.json'), 'utf8').catch(() => '{}'));
      expect({ target: record.target, stderr: ended.stderr }).toMatchObject({
        target: { pid: expect.any(Number) },
      });
      return ended;
    },
  };
}

const starts: Fault[] = [
  started({
    name: 'a target over TLS is ready by -k',
    done: '`--start` with `-k` and https://',
    words: port => `${port} ${certificates().folder}`,
    url: port => `https://localhost:${port}/upload`,
    flags: () => '-k',
  }),
  started({
    name: 'a target over TLS is ready by --cacert',
    done: '`--start` with `--cacert ca.pem` and https://',
    words: port => `${port} ${certificates().folder}`,
    url: port => `https://localhost:${port}/upload`,
    flags: () => `--cacert ${pem('ca.pem')}`,
  }),
  started({
    name: 'a target on a Unix socket is ready there',
    done: '`--start` with `--unix-socket app.sock`',
    words: () => 'app.sock',
    url: () => 'http://localhost/upload',
    flags: () => '--unix-socket app.sock',
  }),
  started({
    name: 'a target of HTTP/2 alone is ready by --http2',
    done: '`--start` with `--http2 -k` and https://',
    words: port => `${port} ${certificates().folder} http2`,
    url: port => `https://localhost:${port}/upload`,
    flags: () => '-k --http2',
  }),
  started({
    name: 'a target of HTTP/2 alone is ready without TLS too',
    done: '`--start` with `--http2-prior-knowledge` and http://',
    words: port => `${port} '' http2`.replace("''", '""'),
    url: port => `http://localhost:${port}/upload`,
    flags: () => '--http2-prior-knowledge',
  }),
  started({
    name: 'a target is ready where --resolve leads',
    done: '`--start` with `--resolve api.test:PORT:127.0.0.1`',
    words: port => String(port),
    url: port => `http://api.test:${port}/upload`,
    flags: port => `--resolve api.test:${port}:127.0.0.1`,
  }),
  started({
    name: 'a target is ready where --connect-to leads',
    done: '`--start` with `--connect-to api.test:80:127.0.0.1:PORT`',
    words: port => String(port),
    url: () => 'http://api.test/upload',
    flags: port => `--connect-to api.test:80:127.0.0.1:${port}`,
  }),
];

const surveys: Fault[] = [
  {
    name: 'leakhunt probe takes the flags of a connection',
    group: 'probes',
    done: '`leakhunt probe https://localhost:PORT/upload --cacert ca.pem --resolve ...`',
    exitCode: 0,
    run: async folder => {
      await using listeners = new Listeners();
      const { port, pages } = await listeners.listen({ certificate: 'server', page });
      const flags = `--cacert ${pem('ca.pem')} --resolve api.test:${port}:127.0.0.1`;
      const ended = await shell(
        `leakhunt probe https://api.test:${port}/upload ${flags} --probe prometheus`,
        folder,
      );
      expect(pages[0], ended.stderr).toMatch(/^GET \/metrics .* by the name api.test/);
      return ended;
    },
  },
];

/** What is read of a target, and how it is found to be ready, by the way that the uploads take. */
export const reachFaults: Fault[] = [...readings, inspected, ...secrets, ...starts, ...surveys];
