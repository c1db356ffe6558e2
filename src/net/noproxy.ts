import { BlockList, isIP } from 'node:net';

/**
 * Whether a list names a host that needs no proxy, as curl 7.88 reads it: words apart by commas or blanks, each a
 * domain (with all below it, a leading dot or not), an address, or a network (`10.0.0.0/8`); `*` alone is every host.
 * Source: curl(1), "--noproxy", and lib/noproxy.c.
 */
export function needsNoProxy(host: string, list: string | undefined): boolean {
  if (list === undefined) return false;
  if (list.trim() === '*') return true;
  const words = list.split(/[\s,]+/).filter(word => word !== '');
  return words.some(word => (isIP(host) ? isOrHolds(word, host) : isAtOrBelow(host, word)));
}

function isAtOrBelow(host: string, word: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/\.$/, '');
  const domain = plain(word).replace(/^\./, '');
  return plain(host) === domain || plain(host).endsWith(`.${domain}`);
}

function isOrHolds(word: string, address: string): boolean {
  const family = isIP(address);
  const [net = '', bits = family === 4 ? '32' : '128'] = word.replace(/^\[(.*)\]/, '$1').split('/');
  if (isIP(net) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const networks = new BlockList();
  networks.addSubnet(net, Number(bits), type);
  return networks.check(address, type);
}
