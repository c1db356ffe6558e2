import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildBody } from '../../src/load/body/body.js';
import { UploadClient } from '../../src/load/connections/client.js';
import type { UploadRequest } from '../../src/load/request.js';
import { flaws } from '../../src/load/scenario.js';
import { isExpected, type ScenarioOutcome, surprise } from '../../src/load/scenarios/outcome.js';
import { plansOf } from '../../src/load/scenarios/plan.js';
import { settleTime } from '../../src/load/scenarios/timing.js';
import { misbehavingTransports } from '../../src/load/scenarios/transport.js';
import { misbehave, misbehaving } from '../support/misbehave.js';
import { answerWhole, answerWith, declared, type Reaction, record } from '../support/recorded-connections.js';
import { freePort } from '../support/servers.js';
import { uploadTo } from '../support/upload.js';

const content = Buffer.from(Array.from({ length: 5000 }, (_, i) => 97 + (i % 26)));

async function fileTo(origin: string, options: Partial<UploadRequest> = {}): Promise<UploadRequest> {
  const body =
    options.body ?? (await buildBody([{ name: 'photo', filename: 'a.txt', content: { bytes: content } }]));
  return uploadTo(origin, { ...options, body });
}

const bytesOf = (request: UploadRequest) => request.body.open() as Buffer;
const closingOf = ({ body }: UploadRequest) => `\r\n--${/boundary=(.*)/.exec(body.contentType)![1]}--\r\n`;

describe('abort', () => {
  test.each([
    ['abort', 'fin'],
    ['abort@50%:reset', 'reset'],
  ])('%s sends half of what it declares and ends by %s', async (text, ending) => {
    const { origin, connections } = await record();
    const request = await fileTo(origin);
    expect(await misbehave(text, request)).toEqual([{ ended: 'aborted' }]);
    const { head, body, ended } = connections[0]!;
    expect(await ended).toBe(ending);
    expect(declared(head)).toBe(request.body.size);
    expect(body).toEqual(bytesOf(request).subarray(0, Math.floor(request.body.size / 2)));
  });

  test('never stops before the first byte of the file, and before the body at 0%', async () => {
    const { origin, connections } = await record();
    const request = await fileTo(origin);
    await misbehave('abort@0.1%', request);
    await misbehave('abort@0%', request);
    expect(connections[0]!.body.toString()).toMatch(/filename="a.txt"\r\n[\s\S]*\r\n\r\na$/);
    expect(connections[1]!.body).toHaveLength(0);
  });

  test.each([
    ['abort@100%', 'fin'],
    ['abort@100%:reset', 'reset'],
  ])('%s leaves behind the last byte, by %s, before any answer to it', async (text, ending) => {
    const { origin, connections } = await record((socket, recorded) => {
      if (recorded.body.length === declared(recorded.head)) answerWith(socket, 200);
    });
    const request = await fileTo(origin);
    expect(await misbehave(text, request)).toEqual([{ ended: 'aborted' }]);
    expect(await connections[0]!.ended).toBe(ending);
    expect(connections[0]!.body).toEqual(bytesOf(request));
  });

  test('ends with the answer of a server that refuses before the point', async () => {
    const { origin } = await record(socket => answerWith(socket, 413));
    const [outcome] = await misbehave('abort', await fileTo(origin));
    expect(outcome).toMatchObject({ status: 413 });
    expect(isExpected(misbehaving('abort'), outcome!)).toBe(true);
  });

  test('gives a slow server as long as a whole upload takes, within two seconds', () => {
    expect([settleTime(), settleTime(8), settleTime(400), settleTime(60_000)]).toEqual([50, 50, 400, 2000]);
  });

  test('reads of a large file no more than it sends, and closes it', async () => {
    const size = 200 * 2 ** 20;
    const path = await sparseFile(size);
    const { origin, connections } = await record();
    const body = await buildBody([{ name: 'photo', filename: 'a.bin', content: { path } }]);
    expect(await misbehave('abort@2%', await fileTo(origin, { body }))).toEqual([{ ended: 'aborted' }]);
    expect(await connections[0]!.ended).toBe('fin');
    expect(connections[0]!.body).toHaveLength(Math.floor(body.size * 0.02));
    if (existsSync('/proc/self/fd')) await expect.poll(() => openFiles()).not.toContain(path);
  });
});

describe('truncate', () => {
  test.each([
    ['truncate@25%', (request: UploadRequest) => Math.floor(request.body.size / 4)],
    ['truncate:no-boundary', (request: UploadRequest) => request.body.size - closingOf(request).length],
  ])('%s declares the shorter body and is answered', async (text, sizeFor) => {
    const { origin, connections } = await record(answerWhole);
    const request = await fileTo(origin);
    expect(await misbehave(text, request)).toMatchObject([{ status: 200 }]);
    const { head, body } = connections[0]!;
    expect(declared(head)).toBe(sizeFor(request));
    expect(body).toEqual(bytesOf(request).subarray(0, sizeFor(request)));
  });

  test('truncate:short declares the whole body, closes its side half-way and still reads the answer', async () => {
    const { origin, connections } = await record((socket, recorded) => {
      void recorded.ended.then(() => answerWith(socket, 400));
    });
    const request = await fileTo(origin);
    expect(await misbehave('truncate:short', request)).toMatchObject([{ status: 400 }]);
    const { head, body, ended } = connections[0]!;
    expect(await ended).toBe('fin');
    expect(declared(head)).toBe(request.body.size);
    expect(body).toHaveLength(Math.floor(request.body.size / 2));
  });

  test.each(['truncate@50%:20ms', 'truncate:short:20ms'])(
    '%s leaves a server that does not answer',
    async text => {
      const { origin, connections } = await record();
      expect(await misbehave(text, await fileTo(origin))).toEqual([{ ended: 'unanswered' }]);
      expect(await connections[0]!.ended).toBe('fin');
    },
  );

  test('ends as closed by a server that closes without an answer', async () => {
    const { origin } = await record(socket => socket.destroy());
    const [outcome] = await misbehave('truncate', await fileTo(origin));
    expect(outcome).toEqual({ ended: 'closed' });
    expect(isExpected(misbehaving('truncate'), outcome!)).toBe(true);
  });
});

describe('malformed', () => {
  const spoiled: [string, RegExp][] = [
    ['wrong-boundary', /name="note"\r\n\r\nleakhunt\r\n--not-[^\r]*--\r\n$/],
    ['nameless-part', /Content-Disposition: form-data; filename="nameless.txt"\r\n\r\nleakhunt/],
    ['broken-header', /\r\na line without a colon\r\nX-Bare: carriage\rreturn\r\n\r\nleakhunt/],
    ['huge-header', /X-Huge: a{131072}\r\n\r\nleakhunt/],
    ['nested', /name="photo"\r\nContent-Type: multipart\/mixed; boundary=inner\r\n\r\n--inner\r\n/],
    ['zero-parts', /^--[^\r]*--\r\n$/],
    ['duplicate-fields', /(name="photo"; filename="again.txt"[\s\S]*){2}name="photo"\r\n\r\nleakhunt/],
    ['path-filename', /filename="..\/..\/etc\/leakhunt"[\s\S]*filename="C:\\leakhunt.txt"/],
  ];

  test.each(spoiled)('%s stands behind the good file, and the length counts it', async (flaw, shown) => {
    const { origin, connections } = await record(answerWhole);
    const request = await fileTo(origin);
    expect(await misbehave(`malformed:${flaw}`, request)).toMatchObject([{ status: 200 }]);
    const { head, body } = connections[0]!;
    expect(declared(head)).toBe(body.length);
    expect(body.toString('latin1')).toMatch(shown);
    expect(body.includes(content)).toBe(flaw !== 'zero-parts');
    expect(body.toString('latin1').endsWith(closingOf(request).slice(2))).toBe(flaw !== 'wrong-boundary');
  });

  test('stands alone when told so, from the first delimiter on', async () => {
    const { origin, connections } = await record(answerWhole);
    await misbehave('malformed:nameless-part:alone', await fileTo(origin));
    const body = connections[0]!.body.toString();
    expect(body).toMatch(/^--[^\r]+\r\nContent-Disposition: form-data; filename="nameless.txt"/);
    expect(body).not.toContain('a.txt');
  });

  test('takes each kind in turn, upload by upload', async () => {
    const { origin, connections } = await record(answerWhole);
    await misbehave('malformed', await fileTo(origin), { uploads: 2 * flaws.length });
    for (const [i, { body }] of connections.entries()) {
      expect(body.toString('latin1')).toMatch(spoiled[i % flaws.length]![1]);
    }
    expect(connections).toHaveLength(16);
  });

  test('spoils a file that is streamed from disk all the same', async () => {
    const { origin, connections } = await record(
      (socket, { body }) => body.length > 1e6 && answerWith(socket, 413),
    );
    const path = await sparseFile(65 * 2 ** 20);
    const body = await buildBody([{ name: 'photo', filename: 'a.bin', content: { path } }]);
    const [outcome] = await misbehave('malformed:nested', await fileTo(origin, { body }));
    expect(outcome).toMatchObject({ status: 413 });
    expect(declared(connections[0]!.head)).toBeGreaterThan(body.size);
  });

  test('that is never answered is a failure', async () => {
    const { origin } = await record();
    const [outcome] = await misbehave('malformed', await fileTo(origin, { maxTime: 0.05 }));
    expect(outcome).toMatchObject({ error: 'TIMEOUT' });
    expect(isExpected(misbehaving('malformed'), outcome!)).toBe(false);
  });

  test('needs a form with parts', async () => {
    const body = { ...(await buildBody([{ name: 'a', content: { text: 'b' } }])), contentType: 'text/plain' };
    const request = await fileTo('http://127.0.0.1:1', { body });
    for (const text of ['malformed', 'truncate:no-boundary']) {
      await expect(plansOf(misbehaving(text), request)).rejects.toMatchObject({ code: 'BAD_SCENARIO' });
    }
    await expect(plansOf(misbehaving('abort'), request)).resolves.toBeTypeOf('function');
  });
});

describe('stall', () => {
  test('sends half, keeps the connection open, and then leaves', async () => {
    const { origin, connections } = await record();
    const request = await fileTo(origin);
    expect(await misbehave('stall@50%:30ms', request)).toEqual([{ ended: 'stalled' }]);
    expect(await connections[0]!.ended).toBe('fin');
    expect(connections[0]!.body).toHaveLength(Math.floor(request.body.size / 2));
  });

  test.each<[string, Reaction, object]>([
    ['answers', socket => answerWith(socket, 408), { status: 408 }],
    ['closes', socket => socket.destroy(), { ended: 'closed' }],
  ])('ends at once when the server %s', async (_how, reaction, outcome) => {
    const { origin } = await record(reaction);
    expect(await misbehave('stall@50%:9s', await fileTo(origin))).toMatchObject([outcome]);
  });

  test('longer than an upload may take is refused', async () => {
    const request = await fileTo('http://127.0.0.1:1', { maxTime: 2 });
    await expect(plansOf(misbehaving('stall:2s'), request)).rejects.toMatchObject({
      code: 'BAD_SCENARIO',
      message: expect.stringContaining('raise --max-time'),
    });
  });

  test('is broken off with the round', async () => {
    const { origin } = await record((_socket, { head }) => head && client.close());
    const request = await fileTo(origin);
    let learn: (outcome: ScenarioOutcome) => void = () => {};
    const outcome = new Promise<ScenarioOutcome>(resolve => {
      learn = resolve;
    });
    const client = new UploadClient(request, misbehavingTransports(misbehaving('stall:9s'), request), learn);
    client.upload(0, performance.now());
    expect(await outcome).toMatchObject({ error: 'INTERRUPTED' });
  });
});

describe('any of them', () => {
  test.each([
    ['abort', 'fin'],
    ['abort:reset', 'reset'],
  ])('does %s over TLS, seen as a %s', async (text, ending) => {
    const { origin, connections } = await record(undefined, { tls: true });
    const request = await fileTo(origin, { insecure: true });
    expect(await misbehave(text, request)).toEqual([{ ended: 'aborted' }]);
    expect(await connections[0]!.ended).toBe(ending);
    expect(connections[0]!.body).toHaveLength(Math.floor(request.body.size / 2));
  });

  test.each(['abort', 'abort:reset'])('trusts no certificate that nobody signed, for %s', async text => {
    const { origin } = await record(undefined, { tls: true });
    const outcomes = await misbehave(text, await fileTo(origin));
    expect(outcomes).toMatchObject([{ error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }]);
  });

  test.each(['abort', 'abort:reset'])('goes over a Unix socket, for %s', async text => {
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const unixSocket = join(folder, 'upload.sock');
    const { connections } = await record(undefined, { at: unixSocket });
    const request = await fileTo('http://localhost', { unixSocket });
    expect(await misbehave(text, request)).toEqual([{ ended: 'aborted' }]);
    await connections[0]!.ended;
    expect(connections[0]!.body).toHaveLength(Math.floor(request.body.size / 2));
  });

  test('frames its body in chunks when the request does, the end of the body only where it is whole', async () => {
    const { origin, connections } = await record();
    const plain = await fileTo(origin);
    const request = { ...plain, headers: [...plain.headers, 'Transfer-Encoding', 'chunked'] };
    await misbehave('abort', request);
    await misbehave('truncate@50%:20ms', request);
    const [aborted, truncated] = connections.map(({ body }) => body.toString());
    expect(aborted).toMatch(/^[1-9a-f][0-9a-f]*\r\n--[\s\S]*\r\n$/);
    expect(aborted).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(truncated).toBe(`${aborted}0\r\n\r\n`);
  });

  test('numbers its uploads when no two are to be the same', async () => {
    const { origin, connections } = await record();
    const bytes = content;
    const body = await buildBody([{ name: 'photo', filename: 'a.txt', content: { bytes } }], {
      unique: true,
    });
    await misbehave('abort', await fileTo(origin, { body }), { uploads: 2 });
    const [first, second] = connections.map(each => each.body.toString());
    expect(first).not.toBe(second);
    expect(first).toHaveLength(second!.length);
  });

  test('follows a redirect and misbehaves there', async () => {
    const there = await record();
    const here = await record(socket => {
      const to = `Location: ${there.origin}/there`;
      socket.end(`HTTP/1.1 307 Elsewhere\r\n${to}\r\nContent-Length: 0\r\n\r\n`);
    });
    const request = await fileTo(here.origin, { location: true });
    expect(await misbehave('abort', request)).toEqual([{ ended: 'aborted' }]);
    expect(there.connections[0]!.head).toMatch(/^POST \/there /);
    expect(there.connections[0]!.body).toHaveLength(Math.floor(request.body.size / 2));
  });

  test('fails when nobody listens, and when what answers is not HTTP', async () => {
    const nobody = await misbehave('abort', await fileTo(`http://127.0.0.1:${await freePort()}`));
    const { origin } = await record(socket => socket.write('220 mail.example.org ready\r\n\r\n'));
    const [mail] = await misbehave('truncate', await fileTo(origin));
    expect([...nobody, mail]).toMatchObject([{ error: 'ECONNREFUSED' }, { error: 'BAD_ANSWER' }]);
    expect(isExpected(misbehaving('abort'), nobody[0]!)).toBe(false);
  });

  test('is not made of HTTP/2', async () => {
    const request = await fileTo('http://127.0.0.1:1', { http2: true });
    await expect(plansOf(misbehaving('abort'), request)).rejects.toMatchObject({
      code: 'BAD_SCENARIO',
      exitCode: 2,
    });
  });
});

describe('what is expected', () => {
  const answered = (status: number) => ({ status, reusable: true });

  test.each([
    [200, true, false, true],
    [302, false, false, true],
    [404, false, true, true],
    [422, false, true, true],
    [500, false, false, true],
  ])('of %i: complete %s, reject %s, malformed %s', (status, complete, reject, malformed) => {
    expect(isExpected({ kind: 'complete' }, answered(status))).toBe(complete);
    expect(isExpected({ kind: 'reject' }, answered(status))).toBe(reject);
    expect(isExpected(misbehaving('malformed'), answered(status))).toBe(malformed);
  });

  test('of a server that accepts what it should reject: to be told so', () => {
    expect(surprise({ kind: 'reject' }, answered(201))).toBe('the server accepted what it should reject');
    expect(surprise({ kind: 'reject' }, answered(503))).toBeUndefined();
    expect(surprise({ kind: 'complete' }, answered(201))).toBeUndefined();
  });
});

/** A file of nothing but zeros, which takes no room on the disk. */
async function sparseFile(size: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'large.bin');
  const file = await open(path, 'w');
  await file.truncate(size);
  await file.close();
  return path;
}

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').map(each => {
    try {
      return readlinkSync(`/proc/self/fd/${each}`);
    } catch {
      return ''; // the descriptor of the folder itself
    }
  });
}
