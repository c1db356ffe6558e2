import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Hunt } from '../../src/record/record.js';
import { answer, bodyOf, serve } from '../support/servers.js';
import { runCli } from '../support/streams.js';

const quick = [
  '-n',
  '10',
  '--rounds',
  '3',
  '--warm-up',
  '1',
  '--size',
  '1kB',
  '--settle',
  '0.01',
  '--no-save',
];

/** A hunt of a server: what it printed, on one line, and its record. */
async function hunted(listener: RequestListener, flags: string[] = [], path = '/upload') {
  const origin = await serve(listener);
  const args = ['upload', `${origin}${path}`, '--probe', `pid=${process.pid}`, ...quick, ...flags];
  const ran = await runCli(args, { columns: 100 });
  return { ...ran, text: ran.stdout.replace(/\s+/g, ' '), lines: ran.stdout.split('\n'), origin };
}

async function recordOf(listener: RequestListener, flags: string[] = []): Promise<Hunt> {
  return JSON.parse((await hunted(listener, [...flags, '--json', '-'])).stdout);
}

const answering =
  (status: number, text = 'because\nof this', headers: Record<string, string> = {}): RequestListener =>
  async (request, response) => {
    await bodyOf(request);
    response.writeHead(status, headers).end(text);
  };

describe('the first answer', () => {
  test('is in the record and in a line of the report', async () => {
    const { lines } = await hunted(answering(201, '{"id":1}\nmore'));
    expect(lines).toContain('Response 201 {"id":1}');
    const { load } = await recordOf(answering(204, ''));
    expect(load.firstAnswer).toEqual({ status: 204 });
  });

  test('is one line, plain and bounded, whatever the server says', async () => {
    const { lines } = await hunted(answering(200, `\u001b[31mred\u202e ${'x'.repeat(100_000)}`));
    const line = lines.find(each => each.startsWith('Response'))!;
    expect(line).toMatch(/^Response 200 red x+…$/);
    expect(line).toHaveLength(100);
    expect((await recordOf(answering(200, 'x'.repeat(100_000)))).load.firstAnswer!.text).toHaveLength(201);
    const compressed = Buffer.from([31, 139, 8, 0, 0, 0, 0, 0]).toString('latin1');
    expect((await recordOf(answering(200, compressed))).load.firstAnswer).toEqual({ status: 200 });
  });

  test('holds no secret of the request, nor of the place it leads to', async () => {
    const secret = 'Bearer abcdef123456';
    const echo: RequestListener = async (request, response) => {
      await bodyOf(request);
      response
        .writeHead(307, { location: '/login?token=geheim' })
        .end(`you are ${request.headers.authorization}`);
    };
    const { stdout, text, origin } = await hunted(echo, ['-H', `Authorization: ${secret}`]);
    expect(stdout).not.toMatch(/abcdef|geheim/);
    expect(text).toContain(`Response 307 to ${origin}/login?token=***; -L follows 307 and 308 you are ***`);
  });

  test('is that of the place a redirect leads to where it is followed', async () => {
    const { text } = await hunted(
      (request, response) => {
        if (request.url === '/there') void answer(request, response, 200, 'arrived');
        else response.writeHead(308, { location: '/there' }).end();
      },
      ['-L'],
    );
    expect(text).toContain('Response 200 arrived');
  });
});

describe('an upload that is refused', () => {
  test.each([
    [400, 'the name of the form field'],
    [401, '-u name:password'],
    [403, 'a session or a CSRF token'],
    [404, 'check the path of the URL'],
    [405, 'set the method with -X'],
    [413, 'client_max_body_size'],
    [415, 'set the content type'],
    [429, '--rate 5/s'],
    [500, 'check its log for this upload'],
    [502, 'check that server'],
    [507, 'check its log for this upload'],
  ])('with %d is told what to do', async (status, advice) => {
    const { code, text } = await hunted(answering(status));
    expect(code).toBe(4);
    expect(text).toContain(`10 of 10 uploads failed; the first ones were answered ${status} ("because").`);
    expect(text).toContain(advice);
    expect(text.includes('--scenario reject')).toBe([400, 401, 403, 413, 415].includes(status));
  });

  test.each([
    [302, '/login', ['-b', '--expect-status 302', 'because after 302 a client sends a GET']],
    [303, '/done', ['--expect-status 303']],
    [307, '/there', ['It redirects: follow 307 and 308 with -L']],
  ])('with %d is told where to, and what -L follows', async (status, location, words) => {
    const { code, text, origin } = await hunted(answering(status, '', { location }));
    expect(code).toBe(4);
    expect(text).toContain(`were answered ${status} to ${origin}${location} (with an empty body)`);
    for (const each of words) expect(text).toContain(each);
  });
});

describe('--expect and --expect-status', () => {
  test.each([
    ['{"ok":false}', 4],
    ['{"ok":true}', 0],
  ])('--expect: %s', async (text, code) => {
    const ran = await hunted(answering(200, text), ['--expect', '"ok":true', '--allow-inconclusive']);
    const failed =
      '10 of 10 uploads failed; the first ones were answers without "ok":true: 200 ("{"ok":false}").';
    expect(ran.code).toBe(code);
    expect(ran.text.includes(failed)).toBe(code === 4);
  });

  test('the text may lie anywhere in the first 64 KiB, and across pieces, and not behind them', async () => {
    const sending =
      (before: number): RequestListener =>
      async (request, response) => {
        await bodyOf(request);
        response.write(`${' '.repeat(before)}"ok"`, () => setImmediate(() => response.end(':true')));
      };
    const { load } = await recordOf(sending(60_000), ['--expect', '"ok":true']);
    expect(load).toMatchObject({ failed: 0, completed: 40 });
    expect((await recordOf(sending(65_530), ['--expect', '"ok":true'])).load.failed).toBe(10);
  });

  test('some failures are allowed by --max-failed', async () => {
    let count = 0;
    const sometimes: RequestListener = async (request, response) => {
      await bodyOf(request);
      count += 1;
      response.end(count % 5 === 0 ? '{"ok":false}' : '{"ok":true}');
    };
    const { load, end, warnings } = await recordOf(sometimes, [
      '--expect',
      '"ok":true',
      '--max-failed',
      '30%',
    ]);
    expect(end).toBe('rounds-done');
    expect(load).toMatchObject({ failed: 8, statuses: { 200: 40 } });
    expect(load.firstFailure).toEqual({
      status: 200,
      text: '{"ok":false}',
      reason: 'answers without "ok":true',
    });
    expect(warnings).toContainEqual(
      expect.stringContaining('8 of 40 uploads failed; the first ones were answers without'),
    );
  });

  test.each([
    [['--expect-status', '302'], 302, 0],
    [['--expect-status', '2xx,302'], 302, 0],
    [['--expect-status', '2xx', '--expect-status', '302'], 204, 0],
    [['--expect-status', '201'], 200, 10],
    [['--expect-status', '201,202'], 404, 10],
  ])('%j: an answer of %d', async (flags, status, failed) => {
    const { load, error } = await recordOf(answering(status, ''), flags);
    expect(load.failed).toBe(failed);
    if (status === 200) expect(error!.message).toContain('were unexpected responses (not 201: 200');
    if (status === 404) expect(error!.message).toContain('were answered 404');
  });

  test('over HTTP/1.1 by several threads as by one', async () => {
    const { load } = await recordOf(answering(200, '{"ok":false}'), ['--expect', 'true', '--workers', '2']);
    expect(load).toMatchObject({ failed: 10, firstAnswer: { status: 200, text: '{"ok":false}' } });
  });

  test.each([
    [['--expect-status', '99'], 'is not a status'],
    [['--expect-status', 'ok'], 'write, for example, 201, 2xx or 200,302'],
    [['--expect', 'x', '--scenario', 'reject'], 'remove them'],
  ])('%j is refused', async (flags, words) => {
    const { code, stderr } = await hunted(answering(200), flags);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe('complete uploads that only try a misbehaving scenario', () => {
  test('are waited for as long as for a connection, and then it goes on with a note', async () => {
    const never: RequestListener = request => void request.resume();
    const started = performance.now();
    const record = await recordOf(never, ['--scenario', 'abort', '--connect-timeout', '0.3', '-c', '5']);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(record.end).toBe('rounds-done');
    expect(record.load.errors).toEqual({ TIMEOUT: 5 });
    expect(record.load.endings).toEqual({ aborted: 30 });
    expect(record.warnings).toContainEqual(
      expect.stringContaining(
        'None of the 5 complete uploads sent to test the target was answered within 0.3 s (--connect-timeout)',
      ),
    );
  });

  test('still end the scenario where they are refused', async () => {
    const { end } = await recordOf(answering(404), ['--scenario', 'abort']);
    expect(end).toBe('too-many-failed');
  });
});
