import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import FormDataLibrary from 'form-data';
import { expect, onTestFinished, test } from 'vitest';
import { type GivenForm, hunt } from '../../src/index.js';
import { type CountingServer, countingServer } from '../support/counting.js';
import { bodyOf, serve } from '../support/servers.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-forms-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'invoice.pdf'), '%PDF-1.4 ä\n');
  return folder;
}

/** The parts of every upload that a server was sent; the same in all of them, or the test fails. */
async function partsReceived({ requests }: CountingServer) {
  const { headers, body } = requests[0]!;
  expect(requests.length).toBeGreaterThan(30);
  expect(new Set(requests.map(each => each.body)).size).toBe(1);
  const response = new Response(Buffer.from(body, 'latin1'), {
    headers: { 'content-type': headers['content-type']! },
  });
  const received = [];
  for (const [name, value] of await response.formData()) {
    const isText = typeof value === 'string';
    received.push(isText ? [name, value] : [name, value.name, value.type, await value.text()]);
  }
  return received;
}

async function huntWith(form: GivenForm): Promise<CountingServer> {
  const server = await countingServer();
  const { url, probe } = server;
  const record = await hunt({
    url,
    probes: [probe],
    form,
    uploadsPerRound: 10,
    warmUpRounds: 1,
    settle: 0.01,
  });
  expect(record).toMatchObject({ verdict: 'flat', load: { failed: 0 } });
  return server;
}

const put = [
  ['title', 'May'],
  ['file', 'invoice.pdf', 'application/pdf', '%PDF-1.4 ä\n'],
  ['note', 'note.txt', 'text/plain', 'paid'],
];

test('a server receives with every upload what was put into a FormData', async () => {
  const folder = await temporaryFolder();
  const form = new FormData();
  form.append('title', 'May');
  const invoice = await readFile(join(folder, 'invoice.pdf'));
  form.append('file', new File([invoice], 'invoice.pdf', { type: 'application/pdf' }));
  form.append('note', new Blob(['paid'], { type: 'text/plain' }), 'note.txt');
  expect(await partsReceived(await huntWith(form))).toEqual(put);
});

test('a server receives with every upload what was put into a form-data, its streams too', async () => {
  const folder = await temporaryFolder();
  const form = new FormDataLibrary();
  form.append('title', 'May');
  form.append('file', createReadStream(join(folder, 'invoice.pdf')));
  form.append('note', Buffer.from('paid'), { filename: 'note.txt', contentType: 'text/plain' });
  expect(await partsReceived(await huntWith(form))).toEqual(put);
});

test('what a form says is hidden where the server says it again', async () => {
  const origin = await serve(async (request, response) => {
    const body = String(await bodyOf(request)).replace(/\s+/g, ' ');
    response.end(request.method === 'POST' ? body : JSON.stringify({ open: 7 }));
  });
  const form = new FormData();
  form.append('apiKey', 'a1b2c3d4e5f6');
  const probes = [`json=${origin}/stats#/open;name=open-files`];
  const record = await hunt({ url: origin, probes, form, uploadsPerRound: 10, rounds: 3, settle: 0.01 });
  expect(record.load.firstAnswer!.text).toContain('name="apiKey" ***');
  expect(JSON.stringify(record)).not.toContain('a1b2c3d4e5f6');
});

test('the example of docs/library.md runs, as a package has it', async () => {
  const folder = await temporaryFolder();
  const server = await countingServer();
  const docs = await readFile(join(root, 'docs/library.md'), 'utf8');
  const [, example] = /```js\n(.*?)```/s.exec(docs)!;
  const measured = `url: '${server.url}', probes: ['${server.probe}'], warmUpRounds: 1, settle: 0.01`;
  await writeFile(
    join(folder, 'example.mjs'),
    example!.replace("url: 'http://localhost:8000/upload'", measured),
  );
  // Node resolves a package by the nearest node_modules: a link is how npm installs a folder.
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/leakhunt'));
  const { stdout } = await promisify(execFile)(process.execPath, ['example.mjs'], { cwd: folder });
  expect(stdout).toBe('open-files flat 0 count\n');
  expect(await partsReceived(server)).toEqual(put.slice(0, 2));
});
