import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Response, ResponseParser } from '../../src/load/http/response.js';

/** The answer in a text, pushed in chunks of the given size. */
function parse(text: string, chunk = text.length, closes = false): Response | undefined {
  const parser = new ResponseParser();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) {
    const answer = parser.push(bytes.subarray(at, at + chunk));
    if (answer) return answer;
  }
  return closes ? parser.end() : undefined;
}

const answers: [string, string, Partial<Response>][] = [
  ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', { status: 200, reusable: true }],
  ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, reusable: true }],
  ['without a reason', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', { status: 200, reusable: true }],
  [
    'in chunks, with an extension and a trailer',
    'HTTP/1.1 400 Bad\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5;a=b\r\nhello\r\n7\r\n world\n\r\n0\r\nx: y\r\n\r\n',
    { status: 400, firstLine: 'hello world', reusable: true },
  ],
  [
    'after interim answers',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length:0\r\n\r\n',
    { status: 201, reusable: true },
  ],
  [
    'that closes',
    'HTTP/1.1 413 Too Large\r\nConnection: Keep-Alive, close\r\nContent-Length: 8\r\n\r\ntoo big\n',
    { status: 413, firstLine: 'too big', reusable: false },
  ],
  [
    'that redirects',
    'HTTP/1.1 308 Moved\r\nlocation:  /there \r\ncontent-length: 0\r\n\r\n',
    { status: 308, location: '/there', reusable: true },
  ],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', { status: 200, reusable: false }],
];

describe('an answer', () => {
  test.each(answers)('%s is read whole, however it arrives', (_, text, expected) => {
    for (let chunk = 1; chunk <= text.length; chunk += 1) expect(parse(text, chunk)).toMatchObject(expected);
  });

  test('is told from the one before it on the same connection', () => {
    const parser = new ResponseParser();
    const texts = answers.filter(([, , { reusable }]) => reusable);
    for (const [, text, expected] of [...texts, ...texts, ...texts.flatMap(each => [each, each])]) {
      parser.reset();
      expect(parser.push(Buffer.from(text))).toMatchObject(expected);
    }
  });

  test('without a length ends with the connection', () => {
    const text = 'HTTP/1.1 500 Oops\r\n\r\nthe database\nis gone';
    expect(parse(text)).toBeUndefined();
    expect(parse(text, 7, true)).toMatchObject({ status: 500, firstLine: 'the database', reusable: false });
  });

  test('cut short is none', () => {
    expect(parse('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell', 3, true)).toBeUndefined();
  });

  test('followed by bytes nobody asked for does not let its connection be used again', () => {
    expect(parse('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200')).toMatchObject({
      reusable: false,
    });
  });

  test.each([
    ['of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['with a status that is none', 'HTTP/1.1 abc\r\n\r\n'],
    ['with a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n'],
    ['with malformed chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'],
    ['with an endless head', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`],
  ])('%s is refused', (_, text) => {
    expect(() => parse(text)).toThrow();
  });

  test('of 1 GB is read without being held', () => {
    const parser = new ResponseParser();
    const before = process.memoryUsage().rss;
    parser.push(Buffer.from('HTTP/1.1 500 Oops\r\ncontent-length: 1000000000\r\n\r\n'));
    const block = Buffer.alloc(1_000_000, 'x');
    let answer: Response | undefined;
    for (let i = 0; i < 1000; i += 1) answer = parser.push(block);
    expect(answer!.firstLine!.length).toBeLessThanOrEqual(2000);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  test('of arbitrary bytes is an answer, more to come, or an error: never anything else', () => {
    const bytes = fc.oneof(fc.uint8Array(), fc.constantFrom(...answers.map(([, text]) => Buffer.from(text))));
    fc.assert(
      fc.property(fc.array(bytes), chunks => {
        const parser = new ResponseParser();
        try {
          for (const chunk of chunks) if (parser.push(Buffer.from(chunk))) return;
          parser.end();
        } catch (error) {
          expect((error as Error).message).toMatch(/^the (response|chunks of the response)/);
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
