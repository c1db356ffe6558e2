import { EventEmitter } from 'node:events';
import { mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The demo's upload server, a process of its own: takes multipart uploads, answers with the file's size, and
 * keeps of each what its first argument says. It prints its address once it listens.
 */

/** What the server keeps of each upload, and should not. */
const leaks: Record<string, (file: Buffer, headers: IncomingHttpHeaders) => void> = {
  buffers: file => void recentUploads.push(Buffer.from(file)),
  listeners: (file, headers) => void configuration.on('change', listenerFor(file.length, headers)),
  files: file => void openFiles.push(storeAndOpen(file)),
  none: () => {},
};

const recentUploads: Buffer[] = [];
const configuration = new EventEmitter().setMaxListeners(0);
const openFiles: number[] = [];
const folder = mkdtempSync(join(tmpdir(), 'demo-'));
const stored = join(folder, 'latest');

/** Every upload would be told about a change, even long after it is over. */
function listenerFor(bytes: number, headers: IncomingHttpHeaders): () => void {
  const upload = { bytes, headers, at: new Date(), warnings: [] as string[] };
  return () => void upload.warnings.push(`configuration changed after ${upload.bytes} bytes`);
}

/** Each upload replaces the one before it; the descriptor of the older file stays open. */
function storeAndOpen(file: Buffer): number {
  writeFileSync(stored, file);
  return openSync(stored, 'r');
}

/** The bytes of the first part of a multipart body; any other body is the file itself. */
function firstPart(body: Buffer, contentType: string): Buffer {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/.exec(contentType);
  if (!boundary) return body;
  const mark = `--${boundary[1] ?? boundary[2]}`;
  const start = body.indexOf('\r\n\r\n', body.indexOf(mark)) + 4;
  return body.subarray(start, body.indexOf(`\r\n${mark}`, start));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const keep = leaks[process.argv[2] ?? 'none']!;
const server = createServer(async (request, response) => {
  try {
    const file = firstPart(await bodyOf(request), request.headers['content-type'] ?? '');
    keep(file, request.headers);
    response.setHeader('content-type', 'application/json').end(`{"bytes":${file.length}}\n`);
  } catch {
    response.destroy();
  }
});

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
