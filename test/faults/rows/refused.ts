import { expect } from 'vitest';
import { curlOptions } from '../../../src/commands/curl/table.js';
import { runCli } from '../../support/streams.js';
import type { Fault } from '../row.js';
import { shell } from '../shell.js';

/** Options of curl that would change a connection in a way that leakhunt cannot, by the reason that it gives. */
const reasons = [
  [
    'of TLS',
    'for TLS, leakhunt only supports --cacert, --cert, --key, -k, --tlsv1.x and --tls-max: remove it',
  ],
  [
    'of looking up a host',
    'leakhunt resolves host names with the system resolver: give an address with --resolve',
  ],
  ['of sockets', 'leakhunt leaves the details of connections to the system: remove it'],
  ['of proxies', 'leakhunt only supports an HTTP proxy, with -x and -U: remove it'],
  ['of other versions of HTTP', 'leakhunt only uploads with HTTP/1.1 or HTTP/2: remove it'],
] as const;

/** Each of a kind is refused by its name, before anything is sent: none is passed over. */
export const refusedFaults: Fault[] = reasons.map(([kind, note]) => {
  const options = curlOptions.filter(option => option.effect === 'refused' && option.note === note);
  const names = options.map(({ name }) => `--${name}`);
  return {
    name: `options ${kind} that leakhunt does not have are refused by their names`,
    group: 'input',
    done: `${names.map(name => `\`${name}\``).join(', ')}, each by itself`,
    says: new RegExp(
      `^leakhunt: curl's (-\\S/)?--\\S+ is not supported: ${note.replaceAll('.', '\\.')}\\.\n$`,
    ),
    exitCode: 2,
    run: async folder => {
      expect(options.length).toBeGreaterThan(3);
      const words = options.map(({ name, value }) => [`--${name}`, ...(value === undefined ? [] : ['word'])]);
      // Inside this process, since they are many; the last one from a shell.
      for (const each of words) {
        const ran = await runCli(['upload', 'http://127.0.0.1:1/', ...each]);
        expect(ran).toMatchObject({
          code: 2,
          stderr: expect.stringContaining(`${each[0]} is not supported: ${note}`),
        });
      }
      return shell(`leakhunt upload http://127.0.0.1:1/ ${words.at(-1)!.join(' ')}`, folder);
    },
  };
});
