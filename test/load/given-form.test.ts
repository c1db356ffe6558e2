import { createReadStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import FormDataLibrary from 'form-data';
import { FormData as UndiciFormData, Response as UndiciResponse } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Body, buildBody, largestShared } from '../../src/load/body/body.js';
import { type GivenForm, partsOfForm } from '../../src/load/body/given-form.js';

async function fileOf(content: string, size?: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-form-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'report.txt');
  await writeFile(path, content);
  if (size !== undefined) await truncate(path, size);
  return path;
}

const built = async (form: GivenForm): Promise<Body> => buildBody(await partsOfForm(form));

/** What is sent, with every boundary the same. */
const sent = (bytes: Buffer, contentType: string) =>
  bytes.toString('latin1').replaceAll(/boundary=(.*)/.exec(contentType)![1]!, 'BOUNDARY');
const ours = async (form: GivenForm) => {
  const body = await built(form);
  return sent(body.open() as Buffer, body.contentType);
};

function filled<Form extends FormData | UndiciFormData>(form: Form): Form {
  form.append('title', 'grüße\nand "more"');
  form.append('a "b"\n', 'x');
  form.append('file', new File(['\0\r\n\xff'], 'ä "b".bin', { type: 'image/png' }));
  form.append('file', new File(['second'], 'second'));
  form.append('blob', new Blob(['third'], { type: 'application/json' }));
  form.append('empty', '');
  return form;
}

describe('a standard FormData', () => {
  test.each([
    ['the global one', () => filled(new FormData())],
    ["undici's", () => filled(new UndiciFormData())],
  ])('is framed byte for byte as fetch frames it: %s', async (_, make) => {
    // Undici's own: the fetch of Node 20.18.1 leaves out the last line end.
    const asFetch = new UndiciResponse(filled(new UndiciFormData()));
    const bytes = Buffer.from(await asFetch.clone().arrayBuffer());
    expect(await ours(make())).toBe(sent(bytes, asFetch.headers.get('content-type')!));
  });

  test('may hold a file of the disk, which is read once', async () => {
    const path = await fileOf('from disk');
    const form = new FormData();
    form.append('file', await openAsBlob(path), 'report.txt');
    const body = await built(form);
    await rm(path);
    expect(String(body.open())).toContain(
      'filename="report.txt"\r\nContent-Type: application/octet-stream\r\n\r\nfrom disk',
    );
  });

  test('that is larger than 64 MiB is refused by the name of the field, with what to pass instead', async () => {
    const form = new FormData();
    form.append('scan', await openAsBlob(await fileOf('', largestShared + 1)), 'scan.tiff');
    await expect(partsOfForm(form)).rejects.toMatchObject({
      code: 'BAD_FORM',
      exitCode: 2,
      message: expect.stringMatching(
        /"scan.tiff" in the field "scan" .* \{ name: "scan", content: \{ path: "…" \}/,
      ),
    });
  });
});

/** Everything that the package can hold without a stream. */
function packaged(): FormDataLibrary {
  const form = new FormDataLibrary();
  form.append('title', 'a & b\nc');
  form.append('na"me', 'x', { filename: 'a "b".unknown' });
  form.append('file', Buffer.from([0, 13, 10, 255]), { filename: 'a b.bin', contentType: 'image/png' });
  form.append('bytes', Buffer.from([255, 254]));
  form.append('meta', '{"id":1}', { contentType: 'application/json' });
  form.append('count', 7);
  form.append('encoded', 'YQ==', { header: { 'Content-Transfer-Encoding': 'base64' } });
  form.append('own', 'y', { header: { 'Content-Disposition': 'attachment; name="own"' } });
  form.append('empty', '');
  return form;
}

describe('a form of the form-data package', () => {
  test('is framed byte for byte as the package frames it, in every hunt', async () => {
    const form = packaged();
    const whole = sent(form.getBuffer(), form.getHeaders()['content-type']!);
    // A header that stands in place of ours comes behind the type, as curl has it; here there is none.
    expect(await ours(form)).toBe(whole);
    expect(await ours(form)).toBe(whole);
  });

  test('with streams is read once, for all uploads and for a second hunt', async () => {
    const form = new FormDataLibrary();
    form.append('title', 'before');
    form.append('file', createReadStream(await fileOf('from disk')));
    form.append('made', Readable.from([Buffer.from('one '), Buffer.from('two')]), { filename: 'made.csv' });
    const parts = await partsOfForm(form);
    expect(parts).toEqual([
      { name: 'title', content: { text: 'before' } },
      {
        name: 'file',
        content: { bytes: Buffer.from('from disk') },
        filename: 'report.txt',
        type: 'text/plain',
      },
      { name: 'made', content: { bytes: Buffer.from('one two') }, filename: 'made.csv', type: 'text/csv' },
    ]);
    expect(await partsOfForm(form)).toEqual(parts);
  });

  test('with a stream that is too long is refused by the name of the field, and the rest is not read', async () => {
    const form = new FormDataLibrary();
    form.append('title', 'before');
    let read = 0;
    const endless = (function* () {
      for (; read < 100; read += 1) yield Buffer.alloc(2 ** 20);
    })();
    form.append('scan', Readable.from(endless), { filename: 'scan.tiff' });
    await expect(partsOfForm(form)).rejects.toMatchObject({
      code: 'BAD_FORM',
      message: expect.stringMatching(/^The stream in the field "scan" .* content: \{ path: "…" \}/),
    });
    expect(read).toBeLessThan(100);
  });

  test('with a stream that breaks is refused by the name of the field', async () => {
    const form = new FormDataLibrary();
    form.append('file', createReadStream('/nowhere/report.txt'));
    await expect(partsOfForm(form)).rejects.toMatchObject({
      code: 'BAD_FORM',
      message: expect.stringMatching(
        /^The stream in the field "file" of the form could not be read \(ENOENT/,
      ),
    });
  });

  test('with a stream that never ends is left when the hunt is', async () => {
    const form = new FormDataLibrary();
    form.append('file', new Readable({ read() {} }), { filename: 'a.bin' });
    const controller = new AbortController();
    const parts = partsOfForm(form, controller.signal);
    controller.abort();
    await expect(parts).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
  });
});

test.each([
  ['an empty FormData', new FormData()],
  ['an empty form-data', new FormDataLibrary()],
])('%s is refused: nobody means the generated file by it', async (_, form) => {
  await expect(partsOfForm(form)).rejects.toMatchObject({ code: 'BAD_FORM', exitCode: 2 });
});

test('what is no form is refused', async () => {
  await expect(partsOfForm({ file: 'a.pdf' } as unknown as GivenForm)).rejects.toThrow(
    'The form is not a form',
  );
});

test('a list of parts stays as it is', async () => {
  const parts = [{ name: 'note', content: { text: 'hello' } }];
  expect(await partsOfForm(parts)).toEqual(parts);
});
