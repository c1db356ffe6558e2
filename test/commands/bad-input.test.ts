import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer, freePort, serve, serveTcp, serveTls } from '../support/servers.js';
import { runCli } from '../support/streams.js';

/** What every refusal has in common: one sentence on standard error, no stack trace, nothing on standard output. */
async function refusal(args: string[], code: number, ...words: string[]) {
  const ran = await runCli(args);
  expect(ran.stderr.replace(/^leakhunt: /, '')).not.toContain('    at ');
  for (const word of words) expect(ran.stderr).toContain(word);
  expect(ran).toMatchObject({ code, stdout: '' });
  return ran;
}

describe('a wrong command line is refused with exit 2 and the offending value', () => {
  test.each([
    [['not a url'], '"not a url" is not a URL'],
    [['ftp://localhost/x'], '"ftp://" is not a scheme'],
    [['-n', '0'], '-n 0 is out of range'],
    [['-n', '-1'], '-n -1 is out of range'],
    [['-n', '1e9'], '-n "1e9" is not a whole number'],
    [['-n', '1000000000'], '-n 1000000000 is out of range'],
    [['-n', 'abc'], '-n "abc" is not a whole number'],
    [['-n', '5', '-c', '6'], '-c 6 is more than the 5 uploads'],
    [['-c', '0'], '-c 0 is out of range'],
    [['--rounds', '1'], '--rounds 1 is out of range'],
    [['--size', '0'], '0'],
    [['--size', '-5'], '-5'],
    [['--size', '10XB'], '"10XB" is not a size'],
    [['--size', '900TB'], 'free'],
    [['--kind', 'jpeg'], 'jpeg'],
    [['-F', 'foo.txt'], '-F "foo.txt" has no name'],
    [['-F', 'file=@nowhere.txt'], 'There is no file "nowhere.txt"'],
    [['-F', 'file=@.'], '"." is a folder'],
    [['-F', 'a=b', '--size', '1kB'], 'use only one of them'],
    [['-H', 'nonsense'], '-H "nonsense" is not a header'],
    [['-H', 'X(y): z'], '-H "X(y)" is not a header'],
    [['-H', 'X: a\r\nInjected: yes'], '-H "X" is not a header'],
    [['-F', 'f=@package.json;type=text/x\r\nX-Evil: 1'], 'control character in its type'],
    [['-F', 'f=@/dev/zero'], 'is not a regular file'],
    [['-X', 'POST /x HTTP/1.1\r\nX: y'], 'is not a method that uploads'],
    [['-X', 'HEAD'], '-X "HEAD" is not a method that uploads'],
    [['-F', 'a=b', '--field', 'c'], 'use only one of them'],
    [['--json', tmpdir()], 'it is a folder'],
    [['--probe', 'magic'], '--probe "magic" does not name a source'],
    [['--max-growth', 'magic=1'], '--max-growth "magic=1" does not name a resource'],
    [['--max-growth', '12'], 'has no unit'],
    [['--max-growth', '0B'], 'not an amount above zero'],
    [['--max-failed', '2'], '--max-failed "2" is not a share'],
    [['--json', join(tmpdir(), 'no', 'such', 'folder.json')], 'folder does not exist'],
    [['--no-such-flag'], "unknown option '--no-such-flag'"],
    [['http://localhost:1/', 'http://localhost:2/'], 'too many arguments'],
  ])('upload %j', async (args, words) => {
    await refusal(['upload', ...args], 2, words);
  });

  test('an unknown verb', () => refusal(['uplaod'], 2, "unknown command 'uplaod'"));
  test('a stack trace is shown with --debug alone', async () => {
    const { stderr } = await runCli(['upload', 'nonsense', '--debug']);
    expect(stderr).toContain('    at ');
  });
});

describe('a target that cannot be measured ends with exit 4 and what to do', () => {
  test('nothing listens there', async () => {
    const port = await freePort();
    await refusal(['upload', `http://127.0.0.1:${port}/`], 4, `Nothing is listening on 127.0.0.1:${port}`);
  });
  test('the host has no address', () =>
    refusal(['upload', 'http://no-such-host.invalid/'], 4, 'no-such-host.invalid:80', 'DNS'));
  test('TLS is spoken to a server that has none', async () => {
    const origin = await serve(answer);
    await refusal(['upload', origin.replace('http:', 'https:')], 4, 'does not speak TLS');
  });
  test('its certificate is signed by nobody, unless -k accepts it', async () => {
    const origin = await serveTls(answer);
    await refusal(['upload', origin], 4, 'TLS with 127.0.0.1', 'accept any certificate with -k');
    const flags = [
      '-n',
      '4',
      '--rounds',
      '3',
      '--size',
      '1kB',
      '--settle',
      '0.01',
      '--probe',
      `pid=${process.pid}`,
    ];
    const { stdout } = await runCli(['upload', origin, '-k', ...flags]);
    expect(stdout.replace(/\s+/g, ' ')).toContain('all answered 200');
  });
  test('nothing tells of its memory: what was tried, and how to give a source', async () => {
    const origin = await serve((request, response) => void answer(request, response, 404));
    await refusal(
      ['upload', origin, '--probe', `prometheus=${origin}/metrics`],
      4,
      '--probe prometheus found nothing to read',
      '/metrics answered 404',
    );
  });
  test('its metrics page is HTML', async () => {
    const origin = await serve((_, response) => response.end('<!doctype html><title>hello</title>'));
    await refusal(['upload', origin, '--probe', `prometheus=${origin}`], 4, 'answered with HTML');
  });
  test('the process asked for is not there', async () => {
    const origin = await serve(answer);
    await refusal(['upload', origin, '--probe', 'pid=999999999'], 4, 'there is no process 999999999');
  });
  test('it accepts no connection in time', async () => {
    const origin = await serveTcp(() => {});
    await refusal(
      ['upload', origin.replace('http:', 'https:'), '--connect-timeout', '0.05'],
      4,
      'did not accept a connection within 0.05 s',
    );
  });

  test.each([401, 413, 500])('every upload is answered %d: the status and the first line', async status => {
    const origin = await serve(
      (request, response) => void answer(request, response, status, 'because\nof this'),
    );
    const ran = await runCli([
      'upload',
      origin,
      '-n',
      '10',
      '--size',
      '1kB',
      '--probe',
      `pid=${process.pid}`,
      ...['--settle', '0.01'],
    ]);
    expect(ran.code).toBe(4);
    expect(ran.stdout).toContain(`answered ${status}`);
    expect(ran.stdout.replace(/\s+/g, ' ')).toContain(
      `10 of 10 uploads failed; the first ones were answered ${status} ("because")`,
    );
  });

  test('a share of failures that is allowed ends nothing: a hunt that is short is inconclusive', async () => {
    let count = 0;
    const origin = await serve((request, response) => {
      count += 1;
      void answer(request, response, count % 4 === 0 ? 500 : 200);
    });
    const flags = [
      '-n',
      '8',
      '-c',
      '2',
      '--rounds',
      '3',
      '--size',
      '1kB',
      '--settle',
      '0.01',
      '--probe',
      `pid=${process.pid}`,
    ];
    expect((await runCli(['upload', origin, ...flags])).code).toBe(4);
    // 32 uploads are too few to call anything.
    expect((await runCli(['upload', origin, ...flags, '--max-failed', '30%'])).code).toBe(3);
  });
});

describe('nothing that was measured is lost', () => {
  test('Ctrl-C ends with exit 130, a report of what there is, and the record', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
    let received = 0;
    let interrupt = () => {};
    const origin = await serve((request, response) => {
      received += 1;
      if (received === 65) interrupt();
      void answer(request, response);
    });
    const ran = await runCli(
      [
        'upload',
        origin,
        '-n',
        '10',
        '--size',
        '1kB',
        '--probe',
        `pid=${process.pid}`,
        ...['--settle', '0.01'],
        '--json',
        join(folder, 'a.json'),
      ],
      { tty: true, onWrite: (_, ctrlC) => (interrupt = ctrlC) },
    );
    expect(ran.code).toBe(130);
    expect(ran.stdout).toContain('Interrupted. So far');
    const record = JSON.parse(await readFile(join(folder, 'a.json'), 'utf8'));
    expect(record).toMatchObject({ schemaVersion: 1, exitCode: 130, end: 'interrupted' });
    expect(record.resources.length).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  });
});

test('Ctrl-C does not wait for a target that hangs in a reading', async () => {
  let interrupt = () => {};
  let pages = 0;
  const origin = await serve((_, response) => {
    pages += 1;
    if (pages === 1) response.end('process_resident_memory_bytes 5\n');
    else interrupt();
  });
  const ran = await runCli(
    ['upload', origin, '--size', '1kB', '--debug', '--probe', `prometheus=${origin}/metrics`],
    {
      tty: true,
      onWrite: (_, ctrlC) => {
        interrupt = ctrlC;
      },
    },
  );
  expect(ran).toMatchObject({ code: 130, stderr: expect.not.stringContaining('fault') });
});

describe('a report', () => {
  const flags = [
    '-n',
    '3',
    '--rounds',
    '3',
    '--size',
    '1kB',
    '--settle',
    '0.01',
    '--probe',
    `pid=${process.pid}`,
  ];

  test('takes the place of an older one whole, and leaves nothing beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
    const path = join(folder, 'record.json');
    await writeFile(path, 'x'.repeat(1e6));
    const origin = await serve(answer);
    await runCli(['upload', origin, ...flags, '--json', path]);
    expect(JSON.parse(await readFile(path, 'utf8')).schemaVersion).toBe(1);
    expect(await readdir(folder)).toEqual(['record.json']);
    await rm(folder, { recursive: true });
  });

  test.runIf(process.platform === 'linux')('can go to a device; a full one is named', async () => {
    const origin = await serve(answer);
    expect((await runCli(['upload', origin, ...flags, '--json', '/dev/null'])).stderr).toBe('');
    const full = await runCli(['upload', origin, ...flags, '--json', '/dev/full']);
    expect(full.stderr).toContain('--json "/dev/full" could not be written (the disk is full)');
    expect(full.stdout).toContain('uploads of');
  });
});

describe('a URL', () => {
  test('without a scheme is http, as for curl', async () => {
    const port = await freePort();
    await refusal(['upload', `localhost:${port}/upload`], 4, `Nothing is listening on localhost:${port}`);
  });
  test('that is malformed is shown without its password', async () => {
    const { stderr } = await refusal(['upload', 'http://joe:pw77777@127.0.0.1:99999/'], 2, 'is not a URL');
    expect(stderr).not.toContain('pw77777');
  });
  test('with a stray per cent sign in its password is used as it stands', async () => {
    const port = await freePort();
    await refusal(['upload', `http://joe:100%@127.0.0.1:${port}/`], 4, 'Nothing is listening');
  });
});

describe('secrets', () => {
  test('in the credentials of a URL reach no report, whoever repeats them', async () => {
    const origin = await serve((request, response) => {
      void answer(request, response, 403, `${'x'.repeat(190)} ${request.headers.authorization}`);
    });
    const url = `${origin.replace('http://', 'http://joe:URLPASS88@')}/upload?TOKEN99`;
    const ran = await runCli(['upload', url, '-n', '3', '--size', '1kB', '--json', '-', '--settle', '0.01']);
    const told = ran.stdout + ran.stderr + (await runCli(['upload', url, '--probe', 'pprof'])).stderr;
    expect(told).not.toMatch(/URLPASS88|TOKEN99/);
    expect(told).not.toContain(Buffer.from('joe:URLPASS88').toString('base64').slice(0, 8));
  });

  test('in headers, credentials and queries reach no report', async () => {
    const origin = await serve((request, response) => {
      void answer(request, response, 401, `no such token: ${request.headers.authorization} ${request.url}`);
    });
    const url = origin.replace('http://', 'http://ann:hunter2hunter2@');
    const ran = await runCli([
      'upload',
      `${url}/upload?key=s3cr3t-in-query`,
      ...['-H', 'X-Api-Key: s3cr3t-in-header', '-n', '3', '--size', '1kB', '--json', '-'],
      ...['--probe', `pid=${process.pid}`, '--settle', '0.01'],
    ]);
    expect(ran.code).toBe(4);
    expect(ran.stdout + ran.stderr).not.toMatch(/s3cr3t|hunter2|aHVudGVy/);
    expect(JSON.parse(ran.stdout).target.url).toBe(`${origin}/upload?key=***`);
  });
});
