import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connections, type Size } from './sizes.js';

/** What a client uploads: the file, and the multipart body made of it beforehand. */
export interface Upload {
  url: string;
  file: string;
  body: string;
  contentType: string;
  bodyBytes: number;
}

export interface Client {
  name: string;
  /** The program it needs on the machine. */
  needs?: string;
  command(upload: Upload, size: Size): string[];
  /** Uploads it is told to make; wrk knows only a duration. */
  uploads(size: Size): number | undefined;
  /** Sends the prebuilt body, so that its bytes are known exactly. */
  prebuilt: boolean;
  /** A Node client that reports its own CPU time and memory. */
  reports: boolean;
}

const script = (name: string) => join(import.meta.dirname, 'clients', name);
const autocannon = fileURLToPath(import.meta.resolve('./clients/autocannon.js'));
const all = ({ uploads }: Size) => uploads;
const c = String(connections);

export const leakhunt: Client = {
  name: 'leakhunt',
  command: ({ url, file }, { uploads }) => [
    process.execPath,
    fileURLToPath(import.meta.resolve('./clients/leakhunt.js')),
    url,
    file,
    `${uploads}`,
    c,
  ],
  uploads: all,
  prebuilt: true,
  reports: true,
};

export const peers: Client[] = [
  {
    name: 'curl loop',
    needs: 'curl',
    command: ({ url, file }, size) => ['bash', script('curl-loop.sh'), url, file, `${size.curlUploads}`],
    uploads: size => size.curlUploads,
    prebuilt: false,
    reports: false,
  },
  {
    name: 'autocannon, form',
    command: ({ url, file }, { uploads }) => [process.execPath, autocannon, url, file, `${uploads}`, c],
    uploads: all,
    prebuilt: false,
    reports: true,
  },
  {
    name: 'autocannon, prebuilt body',
    command: ({ url, body, contentType }, { uploads }) => [
      process.execPath,
      ...[autocannon, url, body, `${uploads}`, c, contentType],
    ],
    uploads: all,
    prebuilt: true,
    reports: true,
  },
  {
    name: 'ab -k, prebuilt body',
    needs: 'ab',
    command: ({ url, body, contentType }, { uploads }) => [
      ...['ab', '-q', '-k', '-c', c, '-n', `${uploads}`, '-p', body, '-T', contentType, url],
    ],
    uploads: all,
    prebuilt: true,
    reports: false,
  },
  {
    name: 'wrk, prebuilt body',
    needs: 'wrk',
    command: ({ url, body, contentType }) => [
      ...['wrk', '-t', '1', '-c', c, '-d', '2s', '-s', script('wrk.lua'), url, '--', body, contentType],
    ],
    uploads: () => undefined,
    prebuilt: true,
    reports: false,
  },
];

/** A program that cannot be started is missing; whatever else it says, it is there. */
export function isThere({ needs }: Client): boolean {
  return needs === undefined || spawnSync(needs, ['-V'], { stdio: 'ignore' }).error === undefined;
}
