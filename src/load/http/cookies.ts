/** A cookie as a server set it (RFC 6265, section 5.3). */
interface StoredCookie {
  name: string;
  value: string;
  domain: string;
  hostOnly: boolean;
  path: string;
  secure: boolean;
}

/** The cookies of one upload, from the answers that redirected it. */
export class CookieJar {
  #cookies: StoredCookie[] = [];

  /** Takes the Set-Cookie fields of an answer from `url`. */
  take(fields: readonly string[], url: URL): void {
    for (const field of fields) {
      const [pair = '', ...attributes] = field.split(';');
      const equals = pair.indexOf('=');
      if (equals < 1) continue;
      const found = new Map(attributes.map(attributeOf));
      const domain = (found.get('domain') ?? '').replace(/^\./, '').toLowerCase();
      // A domain of one label is a whole top-level domain, unless it is the host's own name.
      if (domain !== '' && domain !== url.hostname && !(domain.includes('.') && within(url.hostname, domain)))
        continue;
      const path = found.get('path') ?? '';
      const cookie: StoredCookie = {
        name: pair.slice(0, equals).trim(),
        value: pair.slice(equals + 1).trim(),
        domain: domain || url.hostname,
        hostOnly: domain === '',
        path: path.startsWith('/') ? path : url.pathname.replace(/\/[^/]*$/, '') || '/',
        secure: found.has('secure'),
      };
      this.#cookies = this.#cookies.filter(
        ({ name, domain: at, path: under }) =>
          name !== cookie.name || at !== cookie.domain || under !== cookie.path,
      );
      if (!isOver(found)) this.#cookies.push(cookie);
    }
  }

  /** The value of the Cookie header for a URL, longer paths first; undefined if there is none to send. */
  headerTo(url: URL): string | undefined {
    const sent = this.#cookies.filter(
      ({ domain, hostOnly, path, secure }) =>
        (hostOnly ? url.hostname === domain : within(url.hostname, domain)) &&
        under(url.pathname, path) &&
        (!secure || url.protocol === 'https:'),
    );
    if (sent.length === 0) return undefined;
    return sent
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

function attributeOf(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim().toLowerCase(), value.join('=').trim()];
}

/** Max-Age takes precedence over Expires. */
function isOver(attributes: Map<string, string>): boolean {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  return Date.parse(attributes.get('expires') ?? '') <= Date.now();
}

function within(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(host));
}

function under(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}
