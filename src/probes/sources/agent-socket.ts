import { connect } from 'node:net';
import { codeOf, messageOf } from '../../errors.js';
import { formatBytes } from '../../units.js';

/** How long an answer may take, in ms, and how long it may be, in bytes. */
export interface AnswerLimits {
  time: number;
  size: number;
}

/**
 * Asks an agent over its Unix socket: one line of JSON each way, and a connection for each. Rejects with a sentence
 * without a full stop where there is no answer in time, where it is no JSON object, too large, or says what went wrong.
 */
export async function askAgent(
  path: string,
  request: object,
  limits: AnswerLimits,
): Promise<Record<string, unknown>> {
  const line = await answerLine(path, request, limits);
  let answer: unknown;
  try {
    answer = JSON.parse(line);
  } catch {
    throw new Error('the agent answered something that is not JSON');
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new Error('the agent answered something that is no JSON object');
  const { error } = answer as { error?: unknown };
  if (typeof error === 'string') throw new Error(`the agent says ${JSON.stringify(error.slice(0, 200))}`);
  return answer as Record<string, unknown>;
}

function answerLine(path: string, request: object, { time, size }: AnswerLimits): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`));
    const timer = setTimeout(() => fail(`the agent did not answer within ${time / 1000} s`), time);
    const fail = (why: string) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(why));
    };
    socket.on('data', chunk => {
      length += chunk.length;
      if (length > size) return fail(`the agent answered more than ${formatBytes(size)}`);
      chunks.push(chunk);
      if (chunk.at(-1) !== newline) return;
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks, length).toString());
    });
    socket.on('error', error => fail(reasonOf(path, error)));
    socket.on('close', () => fail('the agent closed the connection without an answer'));
  });
}

const newline = 0x0a;

function reasonOf(path: string, error: Error): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return `there is no socket ${path}`;
  if (code === 'ECONNREFUSED') return `nobody listens on the socket ${path}`;
  if (code === 'EACCES') return `the socket ${path} may not be used by this user`;
  return code === 'EINVAL' ? `the path of the socket ${path} is too long` : messageOf(error);
}
