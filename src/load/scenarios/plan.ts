import { usageError } from '../../errors.js';
import { messagesOf, sendsChunked } from '../http/message.js';
import type { UploadRequest } from '../request.js';
import { type Flaw, flaws, type Leave, nameOf, type Scenario } from '../scenario.js';
import { type Chunks, chunkedFraming, chunksOf, type Framing, firstOf, identityFraming } from './chunks.js';
import { lastWords, shapeOf } from './form-shape.js';
import { keepsParts, spoiled } from './malformed.js';
import type { Ending } from './outcome.js';
import { longestWait, type Misbehaving, pointAt, settleTime } from './timing.js';

/** One action on a connection. A response, or the end of the connection, ends them all. */
export type ScriptStep =
  /** Send the body up to this byte. */
  | { sendTo: number }
  /** Wait this many milliseconds for an answer. */
  | { hold: number }
  /** Send FIN, and go on reading. */
  | { halfClose: true };

/** How an upload of a scenario goes. */
export interface UploadScript {
  /** The head of the request as bytes, including its body's length. */
  headTo(url: URL, serial: number, cookie?: string): Buffer;
  /** Bytes of the body that the head declares. */
  size: number;
  chunks(serial: number): Chunks;
  framed: Framing;
  steps: ScriptStep[];
  /** What is done after all steps, and the name of that ending. */
  leave: Leave;
  ending: Ending;
}

export interface PlanOptions {
  /** How long a complete upload takes with as many in flight (ms), if that is known. */
  typical?: number;
}

/**
 * The plans of a scenario; an upload's number says which one it follows. Throws a usage error if the scenario
 * cannot spoil the body.
 */
export async function plansOf(
  scenario: Misbehaving,
  request: UploadRequest,
  options: PlanOptions = {},
): Promise<(serial: number) => UploadScript> {
  if (request.http2) {
    throw usageError(
      'BAD_SCENARIO',
      `--scenario "${nameOf(scenario)}" needs HTTP/1.1: remove --http2 and --http2-prior-knowledge.`,
    );
  }
  const longest = longestWait(scenario);
  if (longest >= request.maxTime * 1000) {
    throw usageError(
      'BAD_SCENARIO',
      `--scenario "${nameOf(scenario)}" waits ${longest / 1000} s, but an upload may take only ${request.maxTime} s: raise --max-time, or shorten the wait.`,
    );
  }
  if (scenario.kind === 'malformed') return malformedPlans(scenario, request);
  const plan = await planOf(scenario, request, options);
  return () => plan;
}

async function planOf(
  scenario: Exclude<Misbehaving, { kind: 'malformed' }>,
  request: UploadRequest,
  { typical }: PlanOptions,
): Promise<UploadScript> {
  const { body } = request;
  const settle = { hold: settleTime(typical) };
  const whole = { size: body.size, chunks: (serial: number) => chunksOf(() => body.open(serial)) };
  switch (scenario.kind) {
    case 'abort': {
      const { at, leave, pause } = scenario;
      const point = await pointAt(at, body);
      const steps: ScriptStep[] =
        at < 100
          ? [{ sendTo: point }, pause === undefined ? settle : { hold: pause }]
          : [
              { sendTo: body.size - lastWords(body) },
              settle,
              { sendTo: body.size },
              ...(pause === undefined ? [] : [{ hold: pause }]),
            ];
      return plan(request, whole, steps, leave, 'aborted');
    }
    case 'stall': {
      const steps = [{ sendTo: await pointAt(scenario.at, body) }, { hold: scenario.hold }];
      return plan(request, whole, steps, 'fin', 'stalled');
    }
    case 'truncate': {
      const { at, short, wait } = scenario;
      const size =
        at === 'no-boundary'
          ? Math.max(0, body.size - (await shapeOf(body, scenario)).closing)
          : await pointAt(at, body);
      const halfClosed: ScriptStep[] = short ? [settle, { halfClose: true }] : [];
      const steps = [{ sendTo: size }, ...halfClosed, { hold: wait }];
      return plan(request, short ? whole : { ...whole, size }, steps, 'fin', 'unanswered');
    }
  }
}

/** If a server leaves a malformed form unanswered, it is waited for as long as an upload may take. */
async function malformedPlans(
  scenario: Extract<Scenario, { kind: 'malformed' }>,
  request: UploadRequest,
): Promise<(serial: number) => UploadScript> {
  const { body } = request;
  const shape = await shapeOf(body, scenario);
  const kept = Math.max(0, body.size - shape.closing);
  const planOfFlaw = (flaw: Flaw) => {
    const end = spoiled(flaw, shape);
    // At the very beginning of a body, the line end before the first delimiter is left out.
    const all = keepsParts(flaw, scenario.alone)
      ? {
          size: kept + end.length,
          chunks: (serial: number) =>
            firstOf(
              chunksOf(() => body.open(serial)),
              kept,
              end,
            ),
        }
      : { size: end.length - 2, chunks: () => chunksOf(() => end.subarray(2)) };
    return plan(
      request,
      all,
      [{ sendTo: all.size }, { hold: Number.POSITIVE_INFINITY }],
      'fin',
      'unanswered',
    );
  };
  const plans = (scenario.flaw === undefined ? flaws : [scenario.flaw]).map(planOfFlaw);
  return serial => plans[serial % plans.length]!;
}

function plan(
  request: UploadRequest,
  body: Pick<UploadScript, 'size' | 'chunks'>,
  steps: ScriptStep[],
  leave: Leave,
  ending: Ending,
): UploadScript {
  const open = () => Buffer.alloc(0);
  const messageTo = messagesOf({ ...request, body: { ...request.body, size: body.size, open } });
  const headTo = (url: URL, serial: number, cookie?: string) => {
    const { head } = messageTo(url, serial, cookie);
    return head.subarray(0, head.indexOf('\r\n\r\n') + 4); // without the end of an empty chunked body
  };
  const framed = sendsChunked(request.headers) ? chunkedFraming : identityFraming;
  return { ...body, framed, headTo, steps, leave, ending };
}
