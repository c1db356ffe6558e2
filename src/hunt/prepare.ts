import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, usageError } from '../errors.js';
import { type Fixture, makeFixture } from '../fixtures/fixture.js';
import { writeFixture } from '../fixtures/write.js';
import { type Body, buildBody, largestShared } from '../load/body/body.js';
import { buildDataBody } from '../load/body/data-body.js';
import type { FormPart } from '../load/body/form-part.js';
import type { UploadRequest } from '../load/request.js';
import { plansOf } from '../load/scenarios/plan.js';
import { closeWorkers } from '../load/threads/workers.js';
import { basicIn } from '../net/authorization.js';
import { checkDial } from '../net/dial.js';
import { checkOpenFiles } from '../net/open-files.js';
import { makeOwnFolder } from '../target/processes/own-folder.js';
import { version } from '../version.js';
import type { Plan } from './plan.js';

/** Uploads that are ready to be sent; disposing of them removes what was made for them. */
export interface Prepared extends AsyncDisposable {
  /** One for each size, in the order they were given. */
  requests: UploadRequest[];
}

/** Makes the fixtures if no form was given and, for each size, the one body that all its uploads share. */
export async function prepareUploads(plan: Plan): Promise<Prepared> {
  if (!plan.http2) checkOpenFiles(plan.concurrency);
  const requests: UploadRequest[] = [];
  const folders: string[] = [];
  const dispose = async () => {
    await closeWorkers();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const fixture of fixturesOf(plan)) {
      const folder = fixture && fixture.size > largestShared ? await temporaryFolder() : undefined;
      if (folder) folders.push(folder);
      const form = fixture ? [await fixturePart(fixture, plan.field, folder)] : plan.form;
      const body = await bodyOf(plan, form);
      const request = { ...plan, headers: headersOf(plan, body.contentType), body };
      checkDial(plan.url, request);
      for (const scenario of plan.scenarios) {
        if (scenario.kind !== 'complete' && scenario.kind !== 'reject') await plansOf(scenario, request);
      }
      requests.push(request);
    }
    return { requests, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A generated file for each size; none if the user's own form or body is sent. */
function fixturesOf({ form, body, fixture, sizes }: Plan): (Fixture | undefined)[] {
  if (form?.length || body) return [undefined];
  return (sizes ?? [fixture.size]).map(size => makeFixture({ ...fixture, size }));
}

function bodyOf({ body, framing, unique }: Plan, form: FormPart[] | undefined): Promise<Body> {
  if (form?.length) return buildBody(form, { ...framing, unique });
  return buildDataBody(body!, { unique });
}

/** A fixture that is too large for memory is kept on disk while the hunt lasts. */
async function fixturePart(fixture: Fixture, name: string, folder?: string): Promise<FormPart> {
  const { name: filename, type } = fixture;
  if (folder === undefined) {
    return { name, content: { bytes: Buffer.concat([...fixture.chunks()]) }, filename, type };
  }
  const path = join(folder, filename);
  await writeFixture(fixture, path);
  return { name, content: { path }, filename, type };
}

/** The folder is removed with its content when the process exits, at the latest. */
async function temporaryFolder(): Promise<string> {
  try {
    const folder = await makeOwnFolder('files');
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch (error) {
    throw usageError(
      'NO_TMP',
      `The temp folder "${tmpdir()}" could not be used (${messageOf(error)}): set TMPDIR to another folder.`,
    );
  }
}

/** As in curl, the user's own header replaces ours. Credentials in the URL become a header. */
function headersOf({ headers, withoutHeaders, url }: Plan, contentType: string): string[] {
  const own = new Set([...headers.map(([name]) => name), ...withoutHeaders].map(name => name.toLowerCase()));
  const ours: [string, string][] = [
    ['user-agent', `leakhunt/${version}`],
    ['accept', '*/*'],
  ];
  if (contentType !== '') ours.push(['content-type', contentType]);
  if (url.username !== '') ours.push(['authorization', basicIn(url)!]);
  return [...ours.filter(([name]) => !own.has(name)), ...headers].flat();
}
