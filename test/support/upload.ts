import { buildBody } from '../../src/load/body/body.js';
import type { UploadRequest } from '../../src/load/request.js';

/** An upload of one small field, for tests of its outcome. */
export async function uploadTo(origin: string, options: Partial<UploadRequest> = {}): Promise<UploadRequest> {
  const body = options.body ?? (await buildBody([{ name: 'note', content: { text: 'hello' } }]));
  return {
    url: new URL('/upload', origin),
    method: 'POST',
    headers: ['content-type', body.contentType],
    maxTime: 10,
    connectTimeout: 5,
    insecure: false,
    location: false,
    ...options,
    body,
  };
}
