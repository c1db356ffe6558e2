/** The destination of a connection: a host as the system takes it, without brackets, and a port. */
export interface Authority {
  host: string;
  port: number;
}

/** The host and the port of a URL; the scheme's default if it names none. */
export function authorityOf({ hostname, port, protocol }: URL): Authority {
  return { host: bare(hostname), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/** An address of IPv6 without its brackets. */
export function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

export function sameHost(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
