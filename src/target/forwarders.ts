/** A program that hands on what it is sent: its memory says nothing of the server that answers. */
export interface Forwarder {
  /** Its names: of its file, its process or its title. */
  names: RegExp;
  /** Where it hands on: over connections that it opens, or by a way that is not seen from here. */
  over: 'connections' | 'tunnel';
  /** One process serves one client, and only its own connections count. */
  perClient?: true;
  /** It may answer by itself: where it is not seen to forward, it is the target. */
  mayServe?: true;
  /** What to do where it cannot be followed; else how to name the process. */
  wayOut?: string;
}

const inThePod =
  'run leakhunt beside the server, or name a source of its memory, as in --probe prometheus=HOST:PORT/metrics';
const inTheContainer = 'name the process of the server in its container by --probe pid=PID';

/** Every forwarder that is known; the first that fits counts. */
const forwarders: Forwarder[] = [
  // Servers in front of servers.
  { names: /^(nginx|openresty|angie|tengine)$/, over: 'connections' },
  { names: /^(haproxy|caddy|envoy|traefik|varnishd|squid|pound|hitch)$/, over: 'connections' },
  { names: /^(linkerd2-proxy|pilot-agent|toxiproxy(-server)?)$/, over: 'connections' },
  { names: /^(apache2|httpd)$/, over: 'connections', mayServe: true },
  // Those that know nothing of HTTP.
  {
    names: /^(socat|ncat|rinetd|redir|simpleproxy|stunnel[45]?|systemd-socket-proxyd)$/,
    over: 'connections',
  },
  { names: /^(ssh|dbclient)$/, over: 'connections' },
  { names: /^(sshd|sshd-session|dropbear)$/, over: 'connections', perClient: true },
  // Published ports of containers.
  { names: /^docker-proxy$/, over: 'connections', wayOut: inTheContainer },
  {
    names: /^((containers-)?rootlessport(-child)?|slirp4netns|pasta|passt|pasta\.avx2|passt\.avx2|conmon)$/,
    over: 'tunnel',
    wayOut: inTheContainer,
  },
  {
    names: /^(com\.docker\.backend|vpnkit|gvproxy|limactl|OrbStack( Helper)?|wslrelay(\.exe)?)$/,
    over: 'tunnel',
    wayOut: inThePod,
  },
  // Tunnels to other machines.
  { names: /^(kubectl|oc|k9s|cloudflared|ngrok|chisel|frpc|frps)$/, over: 'tunnel', wayOut: inThePod },
];

/** The forwarder that a process is by its names; undefined for all other programs. */
export function forwarderNamed(names: readonly string[]): (Forwarder & { name: string }) | undefined {
  for (const forwarder of forwarders) {
    const name = names.find(each => forwarder.names.test(each));
    if (name !== undefined) return { ...forwarder, name };
  }
  return undefined;
}
