import { usageError } from '../errors.js';
import { type Authority, bare, sameHost } from './authority.js';

/** `--connect-to`: the first that fits; an empty host or port fits any, or stays as it is. The same object where none does. */
export function connectedTo(meant: Authority, words: readonly string[] = []): Authority {
  for (const word of words) {
    const [, from, port, to, toPort] = /^(\[[^\]]*\]|[^:]*):(\d*):(\[[^\]]*\]|[^:]*):(\d*)$/.exec(word) ?? [];
    if (from === undefined) throw badWord('--connect-to', word, 'HOST1:PORT1:HOST2:PORT2');
    const fits =
      (from === '' || sameHost(bare(from), meant.host)) && (port === '' || Number(port) === meant.port);
    if (fits) return { host: bare(to!) || meant.host, port: Number(toPort) || meant.port };
  }
  return meant;
}

/** What a flag says of where to connect, in no form that can be read. */
export function badWord(flag: string, word: string, form: string) {
  return usageError('BAD_ROUTE', `${flag} "${word}" is not of the form ${form}: correct it.`);
}
