import { homedir } from 'node:os';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../errors.js';

/** Docker or podman, if it can be asked: both speak Docker's API (docs.docker.com/reference/api/engine). */
export interface Engine {
  /** `unix:///var/run/docker.sock` */
  address: string;
  /** Whether it runs its containers on this machine, as one that is reached over a Unix socket does. */
  local: boolean;
  /** Why it is not known to work, if so. */
  unspoken?: string;
}

export interface EngineAnswer {
  status: number;
  body: unknown;
}

const largestAnswer = 4 * 2 ** 20;
/** The time limit of a whole response (ms). */
const longestWait = 10_000;

/** The engines to try: the one that the environment names, or else those at their usual places. */
export function engines(env: NodeJS.ProcessEnv = process.env): Engine[] {
  const named = [env.DOCKER_HOST, env.CONTAINER_HOST].filter(host => host !== undefined && host !== '');
  if (named.length > 0) return named.map(host => engineAt(host!, env));
  const run = env.XDG_RUNTIME_DIR;
  const sockets = [
    '/var/run/docker.sock',
    '/run/podman/podman.sock',
    ...(run ? [join(run, 'podman/podman.sock'), join(run, 'docker.sock')] : []),
    // Docker Desktop.
    join(homedir(), '.docker/run/docker.sock'),
  ];
  return sockets.map(socket => engineAt(`unix://${socket}`, env));
}

function engineAt(address: string, env: NodeJS.ProcessEnv): Engine {
  if (/^unix:\/\/\//.test(address)) return { address, local: true };
  const unspoken = !/^(tcp|http):\/\/[^/]+\/?$/.test(address)
    ? 'leakhunt only supports unix:// and tcp://'
    : env.DOCKER_TLS_VERIFY
      ? 'leakhunt does not support TLS here (DOCKER_TLS_VERIFY)'
      : undefined;
  return { address: address.replace(/\/\/[^/]*@/, '//'), local: false, unspoken };
}

/**
 * Asks an engine for JSON, over a connection of its own; reads at most 4 MiB within 10 s. Rejects with a
 * sentence without a full stop.
 */
export async function ask(engine: Engine, path: string, longest = longestWait): Promise<EngineAnswer> {
  const { status, text } = await askText(engine, path, longest);
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    throw new Error(`${engine.address}: its response is not JSON`);
  }
}

/** The same as raw text, for a response that is not a single document. */
export async function askText(
  { address, unspoken }: Engine,
  path: string,
  longest = longestWait,
): Promise<{ status: number; text: string }> {
  if (unspoken) throw new Error(`${address}: ${unspoken}`);
  const socketPath = /^unix:\/\/(.*)$/.exec(address)?.[1];
  const signal = AbortSignal.timeout(longest);
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({ connect: { timeout: longest, ...(socketPath && { socketPath }) } });
  try {
    const origin = socketPath ? 'http://localhost' : address.replace(/^tcp:/, 'http:').replace(/\/$/, '');
    const { statusCode, body } = await request(origin + path, { dispatcher, signal, reset: true });
    return { status: statusCode, text: await textOf(body) };
  } catch (error) {
    const reason = signal.aborted
      ? `no complete response within ${longest / 1000} s`
      : (codeOf(error) ?? messageOf(error));
    throw new Error(`${address}: ${reason}`);
  } finally {
    await dispatcher.destroy();
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error('its response is larger than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
