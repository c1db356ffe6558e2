import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runRound } from '../../src/load/round.js';
import { checkDial, dial } from '../../src/net/dial.js';
import { startProxy } from '../support/proxy.js';
import { answer, freePort, pemPath, serve, serveTcp, serveTls } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

const options = { connectTimeout: 5, insecure: false };

describe('a certificate', () => {
  test('that is signed by nobody but itself is refused with the next step, unless -k or --cacert accept it', async () => {
    const origin = await serveTls(answer);
    const refused = await runRound(await uploadTo(origin), 1, 1);
    expect(refused.firstFailure).toEqual({
      error: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      text: expect.stringContaining('trust it with --cacert, or accept any certificate with -k'),
    });
    for (const accepts of [{ insecure: true }, { cacert: pemPath('self-signed') }]) {
      expect((await runRound(await uploadTo(origin, accepts), 2, 1)).statuses).toEqual({ 200: 2 });
    }
  });

  test('that has expired is refused with the next step', async () => {
    const origin = await serveTls(answer, { cert: readFileSync(pemPath('expired')) });
    const { firstFailure } = await runRound(await uploadTo(origin, { cacert: pemPath('expired') }), 1, 1);
    expect(firstFailure).toEqual({
      error: 'CERT_HAS_EXPIRED',
      text: "the server's certificate has expired: renew it, or accept any certificate with -k",
    });
  });

  test('of the client is shown to a server that asks for one', async () => {
    let subject: unknown;
    const asking = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(pemPath('self-signed')) };
    const origin = await serveTls((request, response) => {
      subject = (request.socket as TLSSocket).getPeerCertificate().subject?.CN;
      void answer(request, response);
    }, asking);
    const own = { insecure: true, cert: pemPath('self-signed'), key: pemPath('key') };
    expect((await runRound(await uploadTo(origin, own), 1, 1)).statuses).toEqual({ 200: 1 });
    expect(subject).toBe('localhost');
    const { firstFailure } = await runRound(await uploadTo(origin, { insecure: true }), 1, 1);
    expect(firstFailure?.text).toBe(
      'the server requires a client certificate: give one with --cert and --key',
    );
  });

  test('file that is missing or no PEM is a usage error before the first upload', () => {
    const url = new URL('https://localhost');
    expect(() => checkDial(url, { ...options, cacert: '/nowhere.pem' })).toThrow(
      '--cacert "/nowhere.pem" could not be read (the file does not exist): check the path.',
    );
    const mixed = { ...options, cert: pemPath('key'), key: pemPath('key') };
    expect(() => checkDial(url, mixed)).toThrow('give PEM files that belong together');
  });
});

test('https to a server that speaks none is told as that', async () => {
  const origin = (await serve(answer)).replace('http:', 'https:');
  await expect(dial(new URL(origin), options)).rejects.toThrow('use http:// instead of https://');
});

test('a server that never answers the handshake is given up in time', async () => {
  const origin = (await serveTcp(() => {})).replace('http:', 'https:');
  await expect(dial(new URL(origin), { ...options, connectTimeout: 0.05 })).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
});

describe('a Unix socket', () => {
  test('is connected to whatever the host', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
    const unixSocket = join(folder, 'server.sock');
    let host: string | undefined;
    const server = createServer((request, response) => {
      host = request.headers.host;
      void answer(request, response);
    });
    await new Promise<void>(resolve => server.listen(unixSocket, resolve));
    onTestFinished(async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    });
    const result = await runRound(await uploadTo('http://anywhere.test', { unixSocket }), 3, 2);
    expect(result.statuses).toEqual({ 200: 3 });
    expect(host).toBe('anywhere.test');
  });

  test('that is missing is told by its path', async () => {
    const request = await uploadTo('http://localhost', { unixSocket: '/nowhere/server.sock' });
    const { firstFailure } = await runRound(request, 1, 1);
    expect(firstFailure).toEqual({
      error: 'ENOENT',
      text: 'there is no socket "/nowhere/server.sock": check --unix-socket, and that the server is running',
    });
  });
});

describe('a proxy', () => {
  test('is asked for the whole URL over http, with its credentials', async () => {
    const origin = await serve(answer);
    const { address, seen } = await startProxy('me:secret');
    const request = await uploadTo(origin, { proxy: address, proxyUser: 'me:secret' });
    expect((await runRound(request, 2, 1)).statuses).toEqual({ 200: 2 });
    expect(seen).toEqual([`POST ${origin}/upload`, `POST ${origin}/upload`]);
  });

  test('makes a tunnel to https, and does not see the upload', async () => {
    const origin = await serveTls(answer);
    const { address, seen } = await startProxy('me:secret');
    const request = await uploadTo(origin, { proxy: `http://me:secret@${address}`, insecure: true });
    expect((await runRound(request, 3, 1)).statuses).toEqual({ 200: 3 });
    expect(seen).toEqual([`CONNECT ${new URL(origin).host}`]);
  });

  test('that refuses is told with its status', async () => {
    const { address } = await startProxy('me:secret');
    const refused = dial(new URL('https://localhost:1'), { ...options, proxy: address });
    await expect(refused).rejects.toMatchObject({
      code: 'PROXY_REFUSED',
      status: 407,
      message: expect.stringContaining('give its credentials with -U name:password'),
    });
    const plain = await runRound(await uploadTo(await serve(answer), { proxy: address }), 1, 1);
    expect(plain.statuses).toEqual({ 407: 1 });
  });

  test('that closes without an answer has refused, too', async () => {
    const proxy = new URL(await serveTcp(socket => socket.end())).host;
    const refused = dial(new URL('https://localhost:1'), { ...options, proxy });
    await expect(refused).rejects.toMatchObject({ code: 'PROXY_REFUSED' });
  });

  test('that nobody listens at is told apart from the server', async () => {
    const proxy = `localhost:${await freePort()}`;
    const { firstFailure } = await runRound(await uploadTo('http://localhost', { proxy }), 1, 1);
    expect(firstFailure).toMatchObject({ error: 'ECONNREFUSED' });
    expect(firstFailure?.text).toContain('check -x');
  });

  test('of another kind than HTTP is a usage error', () => {
    const proxy = 'socks5://me:secret@localhost:1080';
    expect(() => checkDial(new URL('http://localhost'), { ...options, proxy })).toThrow(
      '-x "socks5://***@localhost:1080" is not an HTTP proxy',
    );
  });
});
