// A request of leakhunt's own client.
import { buildBody } from '../../../src/load/body/body.ts';

export async function requestTo(url, file) {
  const body = await buildBody([
    { name: 'file', content: { path: file }, filename: 'upload.bin', type: 'application/octet-stream' },
  ]);
  return {
    url: new URL(url),
    method: 'POST',
    headers: ['content-type', body.contentType],
    body,
    maxTime: 300,
    connectTimeout: 10,
    insecure: false,
    location: false,
  };
}
