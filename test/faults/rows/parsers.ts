import { expect } from 'vitest';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';
import { serveBytes, serveFault, short } from './hostile.js';

const many = 63_000;
const head = 'HTTP/1.1 200 OK\r\n';

/** An answer of a target's server, to every upload. */
const answered = (name: string, done: string, bytes: string, exitCode: number, tells = /./): Fault => ({
  name,
  group: 'target',
  done,
  exitCode,
  record: true,
  async run(folder) {
    const stats = await serveFault((_, response) => response.end('{"heap":1000000}'));
    const origin = await serveBytes(bytes);
    const ended = await shell(`leakhunt upload ${origin}/ ${short} --probe json=${stats}/#/heap`, folder);
    expect(ended.stdout.replace(/\s+/g, ' ')).toMatch(tells);
    return ended;
  },
});

/** A page of a target that a probe reads. */
const page = (name: string, probe: string, text: string, exitCode: number, says?: RegExp): Fault => ({
  name,
  group: 'probes',
  done: `\`--probe ${probe.replaceAll('ORIGIN', 'HOST')}\` reads such a page`,
  says,
  exitCode,
  async run(folder) {
    const origin = await serveFault((request, response) =>
      response.end(request.method === 'GET' ? text : 'taken'),
    );
    return shell(
      `leakhunt upload ${origin}/upload ${short} --probe '${probe.replaceAll('ORIGIN', origin)}'`,
      folder,
    );
  },
});

export const parserFaults: Fault[] = [
  answered(
    'blanks in the middle of a Content-Length hang nothing',
    'each answer has `Content-Length: a`, 63,000 blanks and `2`',
    `${head}Content-Length: a${' '.repeat(many)}2\r\n\r\n`,
    4,
    /Content-Length is "a/,
  ),
  answered(
    'a Content-Length of tabs hangs nothing',
    'each answer has `Content-Length:`, 63,000 tabs and `x`',
    `${head}Content-Length:${'\t'.repeat(many)}x\r\n\r\n`,
    4,
    /Content-Length is "x/,
  ),
  answered(
    'a Transfer-Encoding of commas hangs nothing',
    'each answer has a `Transfer-Encoding` of 63,000 commas and blanks',
    `${head}Transfer-Encoding: chunked${', '.repeat(many / 2)}x\r\n\r\nhello`,
    0,
  ),
  answered(
    'a Connection header of many words hangs nothing',
    'each answer has a `Connection` header of 63,000 characters',
    `${head}Connection: ${'clos '.repeat(many / 5)}\r\nContent-Length: 0\r\n\r\n`,
    0,
  ),
  answered(
    'a chunk size of blanks hangs nothing',
    'each answer has a chunk size of `1` and 16,000 blanks',
    `${head}Transfer-Encoding: chunked\r\n\r\n1${' '.repeat(16_000)}x\r\na\r\n0\r\n\r\n`,
    4,
    /chunks of the response are malformed/,
  ),
  answered(
    'a redirect to 60,000 slashes hangs nothing',
    'each answer is a 307 to an address of 60,000 slashes and question marks',
    `HTTP/1.1 307 Away\r\nLocation: ${'/?'.repeat(30_000)}@\r\nContent-Length: 0\r\n\r\n`,
    4,
    /answered 307/,
  ),
  answered(
    'a text of a refusal full of addresses hangs nothing',
    'each answer is a 500 that says `http://a:` 10,000 times in one line',
    `HTTP/1.1 500 No\r\nContent-Length: 90000\r\n\r\n${'http://a:'.repeat(10_000)}`,
    4,
    /answered 500/,
  ),
  page(
    'a Prometheus page of blanks is no source, at once',
    'prometheus=ORIGIN/metrics',
    `${' '.repeat(60_000)}\n`.repeat(100),
    4,
    /no metric for memory/,
  ),
  page(
    'a Prometheus page of labels without an end is no source, at once',
    'prometheus=ORIGIN/metrics',
    `go_goroutines{${'a="b",'.repeat(10_000)} 1\n`.repeat(100),
    4,
    /no metric for memory/,
  ),
  page(
    'a heap profile of number signs is no source, at once',
    'pprof=ORIGIN/debug/pprof/',
    '# '.repeat(500_000),
    4,
    /not a Go heap profile/,
  ),
  page(
    'an inspector that is a megabyte of quotes is no source, at once',
    'inspector=ORIGIN/json/list',
    '"webSocketDebuggerUrl":'.repeat(50_000),
    4,
    /not the list of a Node inspector/,
  ),
  page(
    'JSON that is nested a million deep is no source, at once',
    'json=ORIGIN/stats#/a',
    '['.repeat(1_000_000),
    4,
    /is not JSON/,
  ),
];
