import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBody } from '../../src/load/body.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function parsed(body: Awaited<ReturnType<typeof buildBody>>): Promise<FormData> {
  const content = body.open();
  if (!Buffer.isBuffer(content)) throw new Error('expected a shared buffer');
  return new Response(new Uint8Array(content), { headers: { 'content-type': body.contentType } }).formData();
}

describe('a body', () => {
  test('holds the parts in their order, as another parser reads them', async () => {
    const path = join(folder, 'data.bin');
    const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 0]);
    await writeFile(path, bytes);
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
    expect(body.open()).toBe(body.open());
    expect(body.size).toBe((body.open() as Buffer).length);
  });

  test('of a file too large to hold is a stream of exactly the size it says', async () => {
    const path = join(folder, 'large.bin');
    await writeFile(path, '');
    await truncate(path, 70 * 2 ** 20);
    const body = await buildBody([{ name: 'file', content: { path }, filename: 'large.bin' }]);
    const content = body.open();
    expect(Buffer.isBuffer(content)).toBe(false);
    let size = 0;
    for await (const chunk of content) size += chunk.length;
    expect(size).toBe(body.size);
  });

  test.each([
    ['a missing file', 'nowhere.txt', 'There is no file'],
    ['a folder', '.', 'is a folder'],
  ])('is refused for %s', async (_, name, message) => {
    const parts = [{ name: 'file', content: { path: join(folder, name) } }];
    await expect(buildBody(parts)).rejects.toThrow(message);
    await expect(buildBody(parts)).rejects.toMatchObject({ exitCode: 2 });
  });

  test.skipIf(process.getuid?.() === 0)('is refused for an unreadable file', async () => {
    const path = join(folder, 'secret.txt');
    await writeFile(path, 'x', { mode: 0 });
    await expect(buildBody([{ name: 'file', content: { path } }])).rejects.toThrow('may not be read');
  });
});
