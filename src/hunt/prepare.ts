import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFixture } from '../fixtures/fixture.js';
import { writeFixture } from '../fixtures/write.js';
import { buildBody } from '../load/body.js';
import type { UploadRequest } from '../load/client.js';
import type { FormPart } from '../load/form.js';
import { version } from '../version.js';
import type { Plan } from './plan.js';

/** An upload ready to be sent, and the end of what was made for it. */
export interface Prepared extends AsyncDisposable {
  request: UploadRequest;
}

/** Makes the fixture, where no form was given, and the one body that all uploads share. */
export async function prepareUpload(plan: Plan): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const body = await buildBody(plan.form?.length ? plan.form : [await fixturePart(plan, folder)]);
    const headers = headersOf(plan, body.contentType);
    return { request: { ...plan, headers, body }, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function fixturePart({ fixture: spec, field }: Plan, folder: string): Promise<FormPart> {
  const fixture = makeFixture(spec);
  const path = join(folder, fixture.name);
  await writeFixture(fixture, path);
  return { name: field, content: { path }, filename: fixture.name, type: fixture.type };
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
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
