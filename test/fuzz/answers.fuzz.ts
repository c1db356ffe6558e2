import { type AddressInfo, createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { survey } from '../../src/hunt/survey.js';
import { runRound } from '../../src/load/round.js';
import type { Probe } from '../../src/probes/probe.js';
import { actuator } from '../../src/probes/sources/actuator.js';
import { expvar } from '../../src/probes/sources/expvar.js';
import { inspector } from '../../src/probes/sources/inspector.js';
import { json } from '../../src/probes/sources/json.js';
import { pprof } from '../../src/probes/sources/pprof.js';
import { prometheus } from '../../src/probes/sources/prometheus.js';
import { promql } from '../../src/probes/sources/promql.js';
import { uploadTo } from '../support/upload.js';
import { forShare, hang, limitOf } from './time.js';

/** What a server says, in the pieces in which it writes them, whatever it is asked. */
let pieces: Buffer[] = [];
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer(socket => {
    socket.on('error', () => {});
    socket.once('data', () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const blanks = fc.constantFrom('', ' ', '\t', ' '.repeat(500));
const value = fc.oneof(
  fc.constantFrom('chunked', 'close', 'gzip', 'text/html', 'application/json', '0', '5', '-1', 'a'),
  fc.constantFrom('1e9', '9'.repeat(400), '/there', 'http://[', '//', '*', 'a=b; Max-Age=x'),
  fc.string({ maxLength: 40, unit: 'binary' }),
);
const name = fc.oneof(
  fc.constantFrom('Content-Length', 'Transfer-Encoding', 'Connection', 'Location', 'Set-Cookie'),
  fc.constantFrom('Content-Type', 'Content-Encoding', 'Trailer', 'Upgrade'),
  fc.string({ maxLength: 12 }),
);
const field = fc.tuple(name, blanks, value, blanks).map(([n, a, v, b]) => `${n}:${a}${v}${b}\r\n`);
const status = fc.oneof(
  fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.0 200', 'HTTP/1.1 100', 'HTTP/1.1 307 x', 'HTTP/1.1 500 x'),
  fc.constantFrom('HTTP/1.1 204', 'HTTP/1.1 999 x', 'HTTP/2 200', 'SSH-2.0', ''),
  fc.string({ maxLength: 20 }),
);
const number = fc.oneof(
  fc.double().map(String),
  fc.constantFrom('NaN', '-1', '1e400', '9'.repeat(400), 'null', '""'),
);
const body = fc.oneof(
  fc.string({ maxLength: 400, unit: 'binary' }),
  fc.json(),
  number.map(n => `go_goroutines ${n}\nprocess_resident_memory_bytes{a="b"} ${n}\n`),
  number.map(n => `{"memstats":{"HeapAlloc":${n}},"a":${n},"measurements":[{"value":${n}}]}`),
  number.map(n => `{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"${n}"]}]}}`),
  number.map(n => `goroutine profile: total ${n}\n# runtime.MemStats\n# HeapAlloc = ${n}\n`),
  fc.constant('[{"webSocketDebuggerUrl":"ws://127.0.0.1:1/x"}]'),
  fc
    .array(fc.tuple(fc.integer({ min: -1, max: 40 }), fc.string()), { maxLength: 5 })
    .map(chunks => chunks.map(([size, text]) => `${size.toString(16)}\r\n${text}\r\n`).join('')),
);
const answer = fc
  .tuple(status, fc.array(field, { maxLength: 6 }), fc.constantFrom('\r\n', '\n', ''), body)
  .map(([line, fields, end, text]) => Buffer.from(`${line}\r\n${fields.join('')}${end}${text}`));
/** Cut somewhere, or anything at all. */
const answers = fc.oneof(
  fc.tuple(answer, fc.nat({ max: 300 })).map(([whole, at]) => [whole.subarray(0, at), whole.subarray(at)]),
  answer.map(whole => [whole]),
  fc.uint8Array({ maxLength: 300 }).map(bytes => [Buffer.from(bytes)]),
);

/** What is refused is refused in a sentence; what is thrown by a program that did not expect it is a crash. */
async function reading(open: () => Promise<Probe>): Promise<void> {
  try {
    const probe = await open();
    await probe.read().catch(refused);
    await probe.claim?.().catch(refused);
    await probe.metric?.('a').catch(refused);
    await probe.close?.();
  } catch (error) {
    refused(error);
  }
}

function refused(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  for (const crash of [TypeError, RangeError, ReferenceError]) expect(error).not.toBeInstanceOf(crash);
}

async function inTime(work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  expect(performance.now() - start).toBeLessThan(hang);
}

test(
  'uploads end, whatever is answered',
  async () => {
    await fc.assert(
      fc.asyncProperty(answers, async said => {
        pieces = said;
        await inTime(async () => {
          const request = { ...(await uploadTo(origin, { location: true, cookieEngine: true })), maxTime: 2 };
          const { sent, completed, failed } = await runRound(request, 3, 2);
          expect(sent).toBe(3);
          expect(completed + failed).toBeGreaterThanOrEqual(sent);
        });
      }),
      forShare(0.2),
    );
  },
  limitOf(0.2),
);

test(
  'probes read or refuse, whatever is answered',
  async () => {
    const target = { url: new URL(origin), ports: [] };
    await fc.assert(
      fc.asyncProperty(answers, async said => {
        pieces = said;
        await inTime(() =>
          Promise.all([
            reading(() => prometheus(target)),
            reading(() => expvar(target)),
            reading(() => pprof(target)),
            reading(() => actuator(target)),
            reading(() => json(target, `${origin}/#/a`)),
            reading(() => promql(target, `${origin}?query=a;wait=0.3`)),
            reading(() => inspector(target, origin)),
          ]),
        );
      }),
      forShare(0.2),
    );
  },
  limitOf(0.2),
);

test(
  'a survey ends in a sentence or in numbers, whatever is answered',
  async () => {
    await fc.assert(
      fc.asyncProperty(answers, async said => {
        pieces = said;
        await inTime(() =>
          survey({ url: `${origin}/upload`, probes: [`expvar=${origin}`], settle: 0.01 }).catch(refused),
        );
      }),
      forShare(0.1),
    );
  },
  limitOf(0.1),
);
