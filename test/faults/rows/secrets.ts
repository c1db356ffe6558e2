import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Ended, Fault } from '../row.js';
import { shell } from '../shell.js';

/** Long enough to be found by chance nowhere. */
const secret = 'Zx81hunter22Qw';

const refused = 'http://127.0.0.1:1/upload';
const short = '-n 5 --rounds 3 --warm-up 1 --settle 0.05 --drain 0.1 --allow-inconclusive';

/** Runs a script and makes sure that nothing of it says the secret. */
async function silent(script: string, folder: string): Promise<Ended> {
  const ended = await shell(script, folder);
  expect(`${ended.stdout}${ended.stderr}`).not.toContain(secret);
  return ended;
}

/** A mistake in what was given, which has to be shown for all that. */
const told = (name: string, script: string, exitCode: number, says: RegExp): Fault => ({
  name,
  group: 'secrets',
  done: `\`${script.replaceAll(secret, 'SECRET').replaceAll(refused, 'URL')}\``,
  says,
  exitCode,
  async run(folder) {
    const origin = script.includes('ORIGIN') ? await serveConstant((_, response) => response.end()) : '';
    return silent(script.replaceAll('ORIGIN', origin), folder);
  },
});

/** A server of a constant heap, which answers uploads as it is told; its origin. */
async function serveConstant(answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/stats') return response.end('{"heap": 1000000}');
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const secretFaults: Fault[] = [
  told(
    'a value without a key is not said again',
    `leakhunt upload ${refused} --start true --env ${secret}`,
    2,
    /--env "\*\*\*" is not KEY=VALUE/,
  ),
  told(
    'a form field without a name is not said again',
    `leakhunt upload ${refused} -F ${secret}`,
    2,
    /-F "\*\*\*" has no name/,
  ),
  told(
    'a misspelt option is shown without its value',
    `leakhunt upload ${refused} --tokn=${secret}`,
    2,
    /unknown option '--tokn=\*\*\*'/,
  ),
  told(
    'credentials of a proxy that is none are hidden',
    `leakhunt upload ${refused} -x socks5://ann:${secret}@127.0.0.1:1`,
    2,
    /is not an HTTP proxy/,
  ),
  told(
    'credentials of an address that is none are hidden',
    `leakhunt upload 'http://ann:${secret}@host:99999/'`,
    2,
    /is not a URL/,
  ),
  told(
    'credentials of an inspector that is none are hidden',
    `leakhunt upload ORIGIN/ --probe inspector=http://ann:${secret}@127.0.0.1:1/`,
    4,
    /inspector found nothing/,
  ),
  told(
    "credentials of an inspector's WebSocket are hidden",
    `leakhunt upload ORIGIN/ --probe 'inspector=ws://ann:${secret}@127.0.0.1:1/${secret}?t=${secret}'`,
    4,
    /inspector/,
  ),
  told(
    'a probe of another scheme is shown without its credentials',
    `leakhunt upload ${refused} --probe 'prometheus=ftp://ann:${secret}@host/?key=${secret}#${secret}'`,
    4,
    /./,
  ),
  told(
    'a target that does not start is named without its arguments',
    `leakhunt upload ${refused} --start 'exit 3; app --password ${secret} ${secret}'`,
    4,
    /exited before it was ready/,
  ),
  told(
    'a target that is not ready is named without its arguments',
    `leakhunt upload ${refused} --start 'sleep 30; app --pw=${secret} "${secret} b" A=${secret}' --ready-timeout 0.2`,
    4,
    /did not (?:answer|respond)|was not ready/,
  ),
  told(
    'last words are said without the environment, given or inherited',
    `export INHERITED=${secret}i; leakhunt upload ${refused} --env DATABASE_URL=postgres://a:${secret}@db/x --start 'env | grep -e DATA -e INHER; exit 3'`,
    4,
    /DATABASE_URL=\*\*\*/,
  ),
  told(
    'a stack trace that was asked for says no secret',
    `leakhunt upload ${refused} -F ${secret} --debug 2>&1 | sed 's/^ *at .*//' >&2`,
    2,
    /-F "\*\*\*" has no name/,
  ),
  told(
    'a curl command is refused without its secrets',
    `leakhunt curl -- curl ${refused} -H 'X-Api-Key: ${secret}' -u ann:${secret} --json '{"a":"${secret}"}' --proto-redir ${secret}`,
    2,
    /./,
  ),
  {
    name: 'a header that is not public is not sent on to another host',
    group: 'secrets',
    done: '`-L -H "X-Api-Key: SECRET"` to a server that redirects to another one',
    exitCode: 0,
    record: true,
    async run(folder) {
      const seen: string[] = [];
      const elsewhere = await serveConstant((request, response) => {
        seen.push(JSON.stringify(request.headers));
        response.end();
      });
      const origin = await serveConstant((_, response) => {
        response.writeHead(307, { location: `${elsewhere}/upload` }).end();
      });
      const probe = `json=${origin}/stats#/heap`;
      const headers = ['X-Api-Key', 'Authorization', 'X-Trace']
        .map(name => `-H '${name}: ${secret}'`)
        .join(' ');
      const ended = await silent(
        `leakhunt upload ${origin}/upload -L ${headers} --size 1kB --probe '${probe}' ${short}`,
        folder,
      );
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.join('\n')).not.toContain(secret);
      return ended;
    },
  },
  {
    name: 'the list of processes shows no argument of leakhunt, nor of what it starts beside the target',
    group: 'secrets',
    done: '`ps` during a hunt with secrets in `-H`, `-u`, `-F`, `--env` and `--stop`',
    exitCode: 4,
    says: /exited before it was ready/,
    async run(folder) {
      const ended = await silent(
        `leakhunt upload ${refused} -H 'X-Api-Key: ${secret}' -u ann:${secret} -F a=${secret} --env A=${secret} ` +
          `--stop 'true ${secret}' --start 'cat /proc/$PPID/cmdline /proc/[0-9]*/cmdline >all; exit 3'`,
        folder,
      );
      const lines = await readFile(join(folder, 'all'), 'utf8');
      // The shell of this test has the whole script among its own words.
      const others = lines
        .split('/bin/bash')
        .map((part, i) => (i === 0 ? part : part.split('\0').slice(3).join('\n')));
      expect(others[0]).toMatch(/^leakhunt\0/);
      expect(others.join('\n')).not.toContain(secret);
      return ended;
    },
  },
];
