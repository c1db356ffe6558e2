import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, usageError } from '../errors.js';
import { type Fixture, makeFixture } from '../fixtures/fixture.js';
import { writeFixture } from '../fixtures/write.js';
import { buildBody, largestShared } from '../load/body.js';
import type { UploadRequest } from '../load/client.js';
import type { FormPart } from '../load/form.js';
import { decoded } from '../redact.js';
import { version } from '../version.js';
import type { Plan } from './plan.js';

/** An upload ready to be sent, and the end of what was made for it. */
export interface Prepared extends AsyncDisposable {
  request: UploadRequest;
}

/** Makes the fixture, where no form was given, and the one body that all uploads share. */
export async function prepareUpload(plan: Plan): Promise<Prepared> {
  const fixture = plan.form?.length ? undefined : makeFixture(plan.fixture);
  const folder = fixture && fixture.size > largestShared ? await temporaryFolder() : undefined;
  const dispose = async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  };
  try {
    const form = fixture ? [await fixturePart(fixture, plan.field, folder)] : plan.form!;
    const body = await buildBody(form);
    const request = { ...plan, headers: headersOf(plan, body.contentType), body };
    return { request, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A fixture that is too large to be held in memory lies on disk while the hunt lasts. */
async function fixturePart(fixture: Fixture, name: string, folder?: string): Promise<FormPart> {
  const { name: filename, type } = fixture;
  if (folder === undefined) {
    return { name, content: { bytes: Buffer.concat([...fixture.chunks()]) }, filename, type };
  }
  const path = join(folder, filename);
  await writeFixture(fixture, path);
  return { name, content: { path }, filename, type };
}

/** Removed with its content at the latest when the process exits. */
async function temporaryFolder(): Promise<string> {
  try {
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch (error) {
    throw usageError(
      'NO_TMP',
      `The temp folder "${tmpdir()}" cannot be used (${messageOf(error)}): set TMPDIR to another.`,
    );
  }
}

/** As curl: the user's own header in place of ours. Credentials in the URL become a header. */
function headersOf({ headers, url }: Plan, contentType: string): string[] {
  const own = new Set(headers.map(([name]) => name.toLowerCase()));
  const ours: [string, string][] = [
    ['user-agent', `leakhunt/${version}`],
    ['accept', '*/*'],
    ['content-type', contentType],
  ];
  if (url.username !== '') ours.push(['authorization', basicAuth(url)]);
  return [...ours.filter(([name]) => !own.has(name)), ...headers].flat();
}

function basicAuth(url: URL): string {
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
