import { appendFile, mkdtemp, rm, truncate, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import FormDataLibrary from 'form-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Body, buildBody, largestShared } from '../../src/load/body/body.js';
import { buildDataBody } from '../../src/load/body/data-body.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

let made = 0;
async function fileOf(content: string | Buffer): Promise<string> {
  made += 1;
  const path = join(folder, `${made}.bin`);
  await writeFile(path, content);
  return path;
}

/** A file too large to be held in memory; it takes no space on disk. */
async function largeFile(): Promise<string> {
  const path = await fileOf('');
  await truncate(path, largestShared + 1);
  return path;
}

async function bytesOf(body: Body, serial?: number): Promise<Buffer> {
  const content = body.open(serial);
  return Buffer.isBuffer(content) ? content : buffer(content);
}

async function parsed(body: Body, serial?: number): Promise<FormData> {
  const content = new Uint8Array(await bytesOf(body, serial));
  return new Response(content, { headers: { 'content-type': body.contentType } }).formData();
}

describe('a body', () => {
  test('of fields and files is framed as the form-data library frames it', async () => {
    const body = await buildBody([
      { name: 'title', content: { text: 'a & b' } },
      {
        name: 'file',
        content: { bytes: Buffer.from([0, 13, 10, 255]) },
        filename: 'a b.bin',
        type: 'image/png',
      },
      { name: 'empty', content: { text: '' } },
    ]);
    const oracle = new FormDataLibrary();
    oracle.setBoundary(/boundary=(.*)/.exec(body.contentType)![1]!);
    oracle.append('title', 'a & b');
    oracle.append('file', Buffer.from([0, 13, 10, 255]), { filename: 'a b.bin', contentType: 'image/png' });
    oracle.append('empty', '');
    expect(await bytesOf(body)).toEqual(oracle.getBuffer());
    expect(body.size).toBe(oracle.getLengthSync());
  });

  test('holds the parts in their order, as another parser reads them', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 0]);
    const path = await fileOf(bytes);
    const body = await buildBody([
      { name: 'note', content: { text: 'grüße' } },
      { name: 'file', content: { path }, filename: 'ä "b".bin', type: 'application/x-test' },
      { name: 'file', content: { path }, filename: 'second.bin', type: 'text/plain' },
    ]);
    const form = await parsed(body);
    expect([...form.keys()]).toEqual(['note', 'file', 'file']);
    expect(form.get('note')).toBe('grüße');
    const [first, second] = form.getAll('file') as File[];
    expect(Buffer.from(await first!.arrayBuffer())).toEqual(bytes);
    expect(first).toMatchObject({ name: 'ä "b".bin', type: 'application/x-test' });
    expect(second!.name).toBe('second.bin');
  });

  test('is one buffer, the same for every upload', async () => {
    const body = await buildBody([{ name: 'a', content: { text: 'b' } }]);
    expect(body.open()).toBe(body.open(7));
    expect(body.size).toBe((body.open() as Buffer).length);
  });

  test('of a file too large to hold is a stream of exactly the size it says', async () => {
    const body = await buildBody([{ name: 'file', content: { path: await largeFile() }, filename: 'x' }]);
    const content = body.open();
    expect(Buffer.isBuffer(content)).toBe(false);
    let size = 0;
    for await (const chunk of content) size += chunk.length;
    expect(size).toBe(body.size);
  });

  test('that is no form is its data alone, without a type of its own', async () => {
    const path = await fileOf('content\n');
    const body = await buildDataBody({
      parts: [{ content: { text: 'a=b' } }, { content: { path }, glue: '&' }],
    });
    expect(body.contentType).toBe('');
    expect((await bytesOf(body)).toString()).toBe('a=b&content\n');
  });

  test.each([
    ['a missing file', 'nowhere.txt', 'There is no file'],
    ['a folder', '.', 'is a folder'],
  ])('is refused for %s', async (_, name, message) => {
    const parts = [{ name: 'file', content: { path: join(folder, name) } }];
    await expect(buildBody(parts)).rejects.toThrow(message);
    await expect(buildBody(parts)).rejects.toMatchObject({ exitCode: 2 });
    await expect(buildDataBody({ parts })).rejects.toThrow(message);
  });

  test.skipIf(process.getuid?.() === 0)('is refused for an unreadable file', async () => {
    const path = join(folder, 'secret.txt');
    await writeFile(path, 'x', { mode: 0 });
    await expect(buildBody([{ name: 'file', content: { path } }])).rejects.toThrow('may not be read');
  });

  test('is refused for bytes that its encoder has no place for', async () => {
    const parts = [{ name: 'a', content: { text: 'é' }, encoder: '7bit' as const }];
    await expect(buildBody(parts)).rejects.toThrow(';encoder=7bit');
  });

  test('is refused for a line end that --form-escape would leave in a name', async () => {
    const parts = [{ name: 'a\nb', content: { text: '' } }];
    await expect(buildBody(parts, { backslash: true })).rejects.toThrow('breaks the form');
  });
});

describe('a file that is not what it was', () => {
  const changes: [string, (path: string) => Promise<void>][] = [
    ['vanishes', unlink],
    ['grows', path => appendFile(path, 'x')],
    ['shrinks', path => truncate(path, 1)],
    ['is written anew', path => utimes(path, 1, 1)],
  ];

  test.each(changes)('is found out when it %s, and named', async (_, change) => {
    const path = await fileOf('content');
    const body = await buildBody([{ name: 'file', content: { path }, filename: 'x' }]);
    await body.verify();
    await change(path);
    await expect(body.verify()).rejects.toMatchObject({ code: 'FILE_CHANGED', exitCode: 2 });
    await expect(body.verify()).rejects.toThrow(path);
  });

  test.each(changes)('breaks the stream of a large body when it %s', async (_, change) => {
    const path = await largeFile();
    const body = await buildDataBody({ parts: [{ content: { path } }] });
    await change(path);
    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  });

  test('breaks the stream before its last bytes are sent', async () => {
    const path = await largeFile();
    const body = await buildDataBody({ parts: [{ content: { path } }] });
    let size = 0;
    const sending = async () => {
      for await (const chunk of body.open()) {
        if (size === 0) await appendFile(path, 'more');
        size += chunk.length;
      }
    };
    await expect(sending()).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    expect(size).toBeLessThan(body.size);
  });

  test.each(['headers', 'data'])('is found out when it holds %s', async what => {
    const path = await fileOf('X-A: b');
    const body =
      what === 'headers'
        ? await buildBody([{ name: 'a', content: { text: '' }, headers: [{ path }] }])
        : await buildDataBody({ parts: [{ content: { path }, change: 'strip' }] });
    await appendFile(path, '\n');
    await expect(body.verify()).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  });
});

describe('a unique body', () => {
  test.each([
    ['small', 100],
    ['larger', 100_000],
  ])(
    'carries the number of the upload in the name and in the first bytes of a %s file',
    async (_, length) => {
      const path = await fileOf('x'.repeat(length));
      const body = await buildBody(
        [
          { name: 'note', content: { text: 'stays' } },
          { name: 'file', content: { path }, filename: 'foo.tar.gz' },
          { name: 'bare', content: { bytes: Buffer.from('abc') }, filename: 'bare' },
        ],
        { unique: true },
      );
      for (const serial of [0, 1, 4_711]) {
        const form = await parsed(body, serial);
        const digits = String(serial).padStart(10, '0');
        expect(form.get('note')).toBe('stays');
        expect((form.get('file') as File).name).toBe(`foo.tar-${digits}.gz`);
        expect(await (form.get('file') as File).text()).toBe(digits + 'x'.repeat(length - 10));
        expect((form.get('bare') as File).name).toBe(`bare-${digits}`);
        expect(await (form.get('bare') as File).text()).toBe(digits.slice(-3));
        expect((await bytesOf(body, serial)).length).toBe(body.size);
      }
    },
  );

  test('is streamed the same way where it is too large to hold', async () => {
    const path = await largeFile();
    const body = await buildBody([{ name: 'file', content: { path }, filename: 'x.bin' }], { unique: true });
    const bytes = await bytesOf(body, 42);
    expect(bytes.length).toBe(body.size);
    expect(bytes.toString('latin1', 0, 400)).toContain('filename="x-0000000042.bin"');
    expect(bytes.toString('latin1', 0, 400)).toContain('\r\n\r\n0000000042\0\0');
  });

  test('that is no form is stamped where it comes from a file', async () => {
    const path = await fileOf('0123456789rest');
    const body = await buildDataBody({ parts: [{ content: { path } }] }, { unique: true });
    expect((await bytesOf(body, 7)).toString()).toBe('0000000007rest');
  });
});
