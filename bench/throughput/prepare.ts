import { randomBytes } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBody, largestShared } from '../../src/load/body/body.js';
import type { Upload } from './peers.js';
import type { Size } from './sizes.js';

/** Writes the file to upload, and the body around it for the clients that send one made beforehand. */
export async function prepare({ fileBytes }: Size, url: string, folder: string): Promise<Upload> {
  const file = join(folder, `upload-${fileBytes}.bin`);
  const held = fileBytes <= largestShared;
  await writeFile(file, randomBytes(held ? fileBytes : 0));
  await truncate(file, fileBytes); // what is too large to hold has holes in place of bytes
  const built = await buildBody([
    { name: 'file', content: { path: file }, filename: 'upload.bin', type: 'application/octet-stream' },
  ]);
  const body = `${file}.body`;
  if (held) await writeFile(body, built.open());
  return { url, file, body, contentType: built.contentType, bodyBytes: built.size };
}
