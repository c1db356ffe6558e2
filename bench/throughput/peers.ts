import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundled } from '../bundled.js';
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
  /** The program that it needs, and how to get it if that takes no root. */
  needs?: string;
  get?: string;
  command(upload: Upload, size: Size): string[];
  /** Uploads it is told to make; wrk and vegeta know only a duration. */
  uploads(size: Size): number | undefined;
  /** Sends the prebuilt body, so that its bytes are known exactly. */
  prebuilt: boolean;
  /** A Node client that reports its own CPU time and memory. */
  reports: boolean;
  /** Uploads answered, by its standard output. */
  answered?(output: string): number | undefined;
}

const script = (name: string) => join(import.meta.dirname, 'clients', name);
const autocannon = fileURLToPath(import.meta.resolve('./clients/autocannon.js'));
const undici = fileURLToPath(import.meta.resolve('./clients/undici.js'));
const all = ({ uploads }: Size) => uploads;
const inFlight = (size: Size) => String(size.connections ?? connections);

export const leakhunt = onThreads('leakhunt', 1);

function onThreads(name: string, workers: number): Client {
  const program = bundled(import.meta.resolve('./clients/leakhunt.js'));
  return {
    name,
    command: ({ url, file }, size) => [
      ...[process.execPath, program, url, file, `${size.uploads}`, inFlight(size), `${workers}`],
    ],
    uploads: all,
    prebuilt: true,
    reports: true,
  };
}

export const k6: Client = {
  name: 'k6, prebuilt body',
  needs: 'k6',
  get: 'go install go.k6.io/k6@latest',
  command: ({ url, body, contentType }, size) => [
    ...['k6', 'run', '--quiet', '--no-usage-report', '--vus', inFlight(size)],
    ...['--iterations', `${size.uploads}`, '-e', `URL=${url}`, '-e', `BODY=${body}`],
    ...['-e', `TYPE=${contentType}`, script('k6.js')],
  ],
  uploads: all,
  prebuilt: true,
  reports: false,
  answered: output => numberIn(output, /http_reqs\.*: (\d+)/),
};

export const peers: Client[] = [
  onThreads('leakhunt, two threads', 2),
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
    command: ({ url, file }, size) => [
      ...[process.execPath, autocannon, url, file, `${size.uploads}`, inFlight(size)],
    ],
    uploads: all,
    prebuilt: false,
    reports: true,
  },
  {
    name: 'autocannon, prebuilt body',
    command: ({ url, body, contentType }, size) => [
      ...[process.execPath, autocannon, url, body, `${size.uploads}`, inFlight(size), contentType],
    ],
    uploads: all,
    prebuilt: true,
    reports: true,
  },
  {
    name: 'undici, prebuilt body',
    command: ({ url, body, contentType }, size) => [
      ...[process.execPath, undici, url, body, `${size.uploads}`, inFlight(size), contentType],
    ],
    uploads: all,
    prebuilt: true,
    reports: true,
  },
  {
    name: 'ab -k, prebuilt body',
    needs: 'ab',
    command: ({ url, body, contentType }, size) => [
      ...[
        'ab',
        '-q',
        '-k',
        '-c',
        inFlight(size),
        '-n',
        `${size.uploads}`,
        '-p',
        body,
        '-T',
        contentType,
        url,
      ],
    ],
    uploads: all,
    prebuilt: true,
    reports: false,
  },
  {
    name: 'wrk, prebuilt body',
    needs: 'wrk',
    command: ({ url, body, contentType }, size) => [
      ...['wrk', '-t', '1', '-c', inFlight(size), '-d', '2s', '-s', script('wrk.lua')],
      ...[url, '--', body, contentType],
    ],
    uploads: () => undefined,
    prebuilt: true,
    reports: false,
    answered: output => numberIn(output, /^ +(\d+) requests in /m),
  },
  k6,
  {
    name: 'vegeta, prebuilt body',
    needs: 'vegeta',
    get: 'go install github.com/tsenart/vegeta/v12@latest',
    command: ({ url, body, contentType }, size) => [
      ...['bash', '-c', 'vegeta attack "$@" | vegeta report -type=json', 'bash', '-rate=0', '-duration=2s'],
      ...[`-workers=${inFlight(size)}`, `-max-workers=${inFlight(size)}`, `-connections=${inFlight(size)}`],
      ...[`-targets=${targetOf(url, body)}`, `-body=${body}`, `-header=Content-Type: ${contentType}`],
    ],
    uploads: () => undefined,
    prebuilt: true,
    reports: false,
    answered: output => numberIn(output, /"200":(\d+)/),
  },
  {
    name: 'oha, prebuilt body',
    needs: 'oha',
    get: 'cargo install oha --locked',
    command: ({ url, body, contentType }, size) => [
      ...['oha', '--no-tui', '--output-format', 'json', '-c', inFlight(size), '-n', `${size.uploads}`],
      ...['-m', 'POST', '-D', body, '-T', contentType, url],
    ],
    uploads: all,
    prebuilt: true,
    reports: false,
    answered: output => numberIn(output, /"200": ?(\d+)/),
  },
];

/** vegeta reads where to upload to from a file. */
function targetOf(url: string, body: string): string {
  writeFileSync(`${body}.target`, `POST ${url}\n`);
  return `${body}.target`;
}

function numberIn(output: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(output)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Finds programs where `go install` and `cargo install` put them. */
export function extendPath(): void {
  const go = execFileSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).trim();
  process.env.PATH = [process.env.PATH, join(go, 'bin'), join(homedir(), '.cargo', 'bin')].join(delimiter);
}

/** A program that cannot be started is missing; with any other error, it exists. */
export function isThere({ needs }: Client): boolean {
  return needs === undefined || spawnSync(needs, ['-V'], { stdio: 'ignore' }).error === undefined;
}
