import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer as createTlsServer, type Server } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type RunningProcess, startProcess } from '../../support/process.js';
import { certificates } from '../certificates.js';
import { Listeners } from '../listeners.js';
import type { Ended, Fault } from '../row.js';
import { shell } from '../shell.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const ready = /^listening on (\S+)$/;

/** What makes a hunt short, and where its record goes. */
const short = '--size 1kB --settle 0.1 --warm-up 1 --json record.json';
/** A count that never changes. */
const still = `--probe 'exec=echo {\\"open-files\\":5}'`;

/** A hunt with what its report says of its end: that stands on standard output, with line breaks. */
async function hunt(words: string, folder: string): Promise<Ended> {
  const ended = await shell(`leakhunt upload ${words} ${short}`, folder);
  const { error, warnings = [] } = await recordIn(folder);
  return { ...ended, stderr: [ended.stderr, error?.message, ...warnings].filter(Boolean).join('\n') };
}

async function recordIn(folder: string) {
  const text = await readFile(join(folder, 'record.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text) as { error?: { message: string }; warnings?: string[]; load?: { sent: number } };
}

/** Does something with a program that runs meanwhile. */
async function beside(
  [command, ...args]: [string, ...string[]],
  work: (program: RunningProcess, url: string) => Promise<Ended>,
): Promise<Ended> {
  const program = await startProcess(command, args, { ready });
  try {
    return await work(program, `${program.match[1]}/upload`);
  } finally {
    await program.stop();
  }
}

const flat: [string, ...string[]] = [process.execPath, path('../../setups/app.mjs'), 'flat'];
const limited = (files: number): [string, ...string[]] => [
  'bash',
  '-c',
  `ulimit -n ${files}; exec ${process.execPath} ${path('../opens-files.mjs')}`,
];

/** A TLS server whose connections are given to `greet` once they are open. */
async function overTls(
  options: { maxVersion?: 'TLSv1.2' },
  greet: (socket: TLSSocket, server: Server, connections: number) => void,
  work: (url: string) => Promise<Ended>,
): Promise<Ended> {
  const pem = (name: string) => readFileSync(certificates().path(name));
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createTlsServer(
    { ...options, cert: pem('server.pem'), key: pem('server.key') },
    (request, response) => {
      request.resume().on('end', () => response.end('ok'));
    },
  );
  server.on('secureConnection', socket => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    greet(socket, server, connections);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`https://localhost:${(server.address() as AddressInfo).port}/upload`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** Hands on what it gets, some time later. */
function late(ms: number): Transform {
  return new Transform({
    transform: (bytes, _, done) => {
      setTimeout(() => done(null, bytes), ms);
    },
  });
}

/** The network, and what a target does to its connections, in the middle of a hunt. */
export const networkFaults: Fault[] = [
  {
    name: 'a way that takes 200 ms only takes longer',
    group: 'network',
    done: 'every byte to the target and back takes 100 ms',
    exitCode: 3,
    record: true,
    run: async folder => {
      await using listeners = new Listeners();
      const { port } = await listeners.listen();
      const way = await listeners.mute(socket => {
        const onward = connect(port, '127.0.0.1');
        onward.on('error', () => {});
        socket.pipe(late(100)).pipe(onward).pipe(late(100)).pipe(socket);
      });
      const ended = await hunt(`http://127.0.0.1:${way.port}/upload -n 4 -c 4 --rounds 3 ${still}`, folder);
      expect((await recordIn(folder)).load).toMatchObject({
        completed: 16,
        latencyMs: { p50: expect.any(Number) },
      });
      return ended;
    },
  },
  {
    name: 'a target that resets every connection from some upload on is told with the first reset',
    group: 'network',
    done: 'the target resets (RST) each connection behind the 25th upload',
    says: /uploads failed; the first ones got no response \(ECONNRESET: /,
    exitCode: 4,
    record: true,
    run: async folder => {
      await using listeners = new Listeners();
      const server = await listeners.listen({
        onUpload: (socket, count) => {
          if (count > 25) socket.resetAndDestroy();
          return count <= 25;
        },
      });
      return await hunt(`http://127.0.0.1:${server.port}/upload -n 10 -c 2 --rounds 6 ${still}`, folder);
    },
  },
  {
    name: 'a target that answers nothing from some upload on is told with the limit',
    group: 'network',
    done: 'the target keeps each connection open and silent behind the 25th upload, with `-m 0.3`',
    says: /got no response \(TIMEOUT: no complete response within 0.3 s\)/,
    exitCode: 4,
    record: true,
    run: async folder => {
      await using listeners = new Listeners();
      const server = await listeners.listen({ onUpload: (_, count) => count <= 25 });
      return await hunt(
        `http://127.0.0.1:${server.port}/upload -m 0.3 -n 10 -c 2 --rounds 6 ${still}`,
        folder,
      );
    },
  },
  {
    name: 'a target that stands still for longer than an upload may take is told to be stopped',
    group: 'target',
    done: 'the target gets SIGSTOP behind the first rounds, with `-m 0.5`',
    says: /got no response \(TIMEOUT: .* The target: process \d+ is stopped \(SIGSTOP, or a debugger\): resume it with kill -CONT \d+\./s,
    exitCode: 4,
    record: true,
    run: folder =>
      beside(flat, async ({ pid }, url) => {
        const flags = `-m 0.5 -n 10 -c 2 --think-time 0.05 --rounds 40 ${still}`;
        const stopping = setTimeout(() => process.kill(pid, 'SIGSTOP'), 1_500);
        try {
          return await hunt(`${url} ${flags}`, folder);
        } finally {
          clearTimeout(stopping);
          process.kill(pid, 'SIGCONT');
        }
      }),
  },
  {
    name: 'a target that has used up its files is told to have done that',
    group: 'target',
    done: 'a target with `ulimit -n 60` opens a file for each upload and closes none',
    says: /The target: process \d+ has \d\d files open of the 60 it may have, .*: raise that limit \(ulimit -n\), or lower -c\./,
    exitCode: 4,
    record: true,
    run: folder =>
      beside(limited(60), (_, url) => hunt(`${url} -m 0.5 -n 10 -c 2 --max-rounds 12 ${still}`, folder)),
  },
  {
    name: 'more connections than the target may open files are told by its limit',
    group: 'target',
    done: '`-c 300` and a target with `ulimit -n 100`',
    says: /of the 100 it may have, and each concurrent upload needs one more: .* lower -c/,
    exitCode: 4,
    record: true,
    run: folder =>
      beside(limited(100), (_, url) => hunt(`${url} -m 0.5 -n 300 -c 300 --max-rounds 12 ${still}`, folder)),
  },
  {
    name: 'more connections than leakhunt may open files are wrong usage',
    group: 'network',
    done: '`-c 1000` under `ulimit -n 1000`',
    says: /^leakhunt: -c 1000 needs that many open connections plus a few files, but this process may open only 1000: lower -c to 936, or raise the limit, e.g. with ulimit -n 2048\./,
    exitCode: 2,
    record: false,
    run: folder => shell('ulimit -n 1000; leakhunt upload http://127.0.0.1:1/ -c 1000 -n 1000', folder),
  },
  {
    name: 'as many connections as leakhunt may open files go through',
    group: 'network',
    done: '`-c 400` under `ulimit -n 464`',
    exitCode: 3,
    run: async folder => {
      await using listeners = new Listeners();
      const { port } = await listeners.listen();
      const flags = `-n 400 -c 400 --rounds 3 ${still} ${short}`;
      const ended = await shell(`ulimit -n 464; leakhunt upload http://127.0.0.1:${port}/ ${flags}`, folder);
      expect((await recordIn(folder)).load).toMatchObject({ completed: 1600, failed: 0 });
      return ended;
    },
  },
  {
    name: 'two hunts of one target at once notice each other',
    group: 'target',
    done: 'a hunt, and another one of the same target that begins later and ends earlier',
    says: /Another leakhunt \(process \d+\) hunted this target at the same time, .*: hunt again when it has finished\./,
    exitCode: 3,
    record: true,
    run: async folder => {
      await using listeners = new Listeners();
      const words = `-n 2 -c 1 --rounds 3 ${still} --size 1kB --settle 0.1 --no-save`;
      let second: Promise<Ended> | undefined;
      const server = await listeners.listen({
        onUpload: () => {
          second ??= shell(`leakhunt upload ${url} ${words}`, folder);
          return true;
        },
      });
      const url = `http://127.0.0.1:${server.port}/upload`;
      const ended = await hunt(`${url} -n 5 -c 1 --think-time 0.15 --rounds 5 ${still}`, folder);
      expect((await second!).stdout.replace(/\s+/g, ' ')).toMatch(/Another leakhunt \(process \d+\) hunted/);
      return ended;
    },
  },
  {
    name: 'hunts of two targets do not notice each other',
    group: 'target',
    done: 'two hunts at once, each of its own target',
    exitCode: 3,
    run: folder =>
      beside(flat, (_, first) =>
        beside(flat, async (_, second) => {
          const words = (url: string) =>
            `leakhunt upload ${url} -n 5 -c 1 --rounds 3 ${still} --settle 0.1 --no-save`;
          const [ended, other] = await Promise.all([
            shell(words(first), folder),
            shell(words(second), folder),
          ]);
          expect(`${ended.stdout}${other.stdout}`).not.toContain('Another leakhunt');
          return ended;
        }),
      ),
  },
  {
    name: 'TLS that is renegotiated goes on',
    group: 'network',
    done: 'a server of TLS 1.2 asks for a new handshake on each connection, in the middle of an upload',
    exitCode: 3,
    record: true,
    run: folder =>
      overTls(
        { maxVersion: 'TLSv1.2' },
        socket => {
          socket.once('data', () => {
            socket.renegotiate({}, error => {
              expect(error).toBeNull();
            });
          });
        },
        url => hunt(`${url} -k -n 4 -c 2 --rounds 3 ${still}`, folder),
      ),
  },
  {
    name: 'a certificate that expires in the middle is told as that',
    group: 'network',
    done: 'the server takes an expired certificate behind its tenth connection',
    says: /got no response \(CERT_HAS_EXPIRED: the server's certificate has expired: renew it, or accept any certificate with -k\)/,
    exitCode: 4,
    record: true,
    run: folder =>
      overTls(
        {},
        (_, server, connections) => {
          if (connections !== 10) return;
          const pem = (name: string) => readFileSync(certificates().path(name));
          server.setSecureContext({ cert: pem('expired.pem'), key: pem('expired.key') });
        },
        url => {
          const flags = `--cacert ${certificates().path('ca.pem')} -n 10 -c 2 --rounds 8`;
          return hunt(`${url} ${flags} --no-keepalive ${still}`, folder);
        },
      ),
  },
];
