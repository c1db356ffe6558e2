import { usageError } from '../../errors.js';

interface Cookie {
  pair: string;
  domain: string;
  path: string;
  name: string;
}

/**
 * The cookies of a Netscape cookie file that curl would send to a URL, longer paths first (RFC 6265, section
 * 5.4). A line holds domain, whether its subdomains match too, path, whether TLS is needed, expiry in seconds
 * since 1970 (0: the session's end), name and value, separated by tabs. Throws a usage error for any other
 * kind of file.
 */
export function cookiesIn(file: string, url: URL, now: number): string[] {
  const lines = file
    .split(/\r?\n/)
    .map(line => line.replace(/^#HttpOnly_/, ''))
    .filter(line => line.trim() !== '' && !line.startsWith('#'));
  const cookies = lines.flatMap(line => cookieOf(line, url, now) ?? []);
  return cookies
    .reverse() // if two are alike in all of these, curl sends the later one first
    .sort(
      (a, b) =>
        b.path.length - a.path.length || b.domain.length - a.domain.length || b.name.length - a.name.length,
    )
    .map(({ pair }) => pair);
}

function cookieOf(line: string, url: URL, now: number): Cookie | undefined {
  const fields = line.split('\t');
  if (fields.length < 6 || fields.length > 7) {
    throw usageError(
      'BAD_COOKIE',
      'The file given with -b is not a Netscape cookie file: give one, or give the cookies as name=value.',
    );
  }
  const [rawDomain, subdomains, path, secure, expiry, name, value = ''] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string?,
  ];
  const domain = rawDomain.replace(/^\./, '').toLowerCase();
  const host = url.hostname;
  const isOf = host === domain || (subdomains.toUpperCase() === 'TRUE' && host.endsWith(`.${domain}`));
  const isUnder =
    path === '/' || url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
  const isSafe = secure.toUpperCase() !== 'TRUE' || url.protocol === 'https:' || isLoopback(host);
  const isOver = Number(expiry) !== 0 && Number(expiry) * 1000 < now;
  return isOf && isUnder && isSafe && !isOver ? { pair: `${name}=${value}`, domain, path, name } : undefined;
}

/** To curl, a connection that stays on this machine is as good as encrypted. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}
