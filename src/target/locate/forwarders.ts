/** A program that forwards what it receives: its memory says nothing about the server that answers. */
export interface Forwarder {
  /** Names of its file, its process or its title. */
  names: RegExp;
  /** How it forwards: over connections that it opens, or in a way that cannot be seen from here. */
  over: 'connections' | 'tunnel';
  /** One process serves one client, and only its own connections count. */
  perClient?: true;
  /** It may answer by itself: if it is not seen to forward, it is the target. */
  mayServe?: true;
  /** It holds the published port of a container, in which the server is. */
  publishes?: true;
  /** What to do if it cannot be followed; by default, how to name the process. */
  wayOut?: string;
}

const inThePod =
  'run leakhunt next to the server, or name a source for its memory, e.g. --probe prometheus=HOST:PORT/metrics';
const inTheContainer =
  'run leakhunt with sudo, or name the container with --probe docker=NAME or its process with --probe pid=PID';

/** Every known forwarder; the first that fits counts. */
const forwarders: Forwarder[] = [
  // Reverse proxies.
  { names: /^(nginx|openresty|angie|tengine)$/, over: 'connections' },
  { names: /^(haproxy|caddy|envoy|traefik|varnishd|squid|pound|hitch)$/, over: 'connections' },
  { names: /^(linkerd2-proxy|pilot-agent|toxiproxy(-server)?)$/, over: 'connections' },
  { names: /^(apache2|httpd)$/, over: 'connections', mayServe: true },
  // Forwarders below HTTP.
  {
    names: /^(socat|ncat|rinetd|redir|simpleproxy|stunnel[45]?|systemd-socket-proxyd)$/,
    over: 'connections',
  },
  { names: /^(ssh|dbclient)$/, over: 'connections' },
  { names: /^(sshd|sshd-session|dropbear)$/, over: 'connections', perClient: true },
  // Published ports of containers.
  // If Docker has no proxies (`userland-proxy: false`), its daemon holds the port.
  { names: /^(docker-proxy|dockerd)$/, over: 'tunnel', publishes: true, wayOut: inTheContainer },
  {
    names: /^((containers-)?rootlessport(-child)?|slirp4netns|pasta|passt|pasta\.avx2|passt\.avx2|conmon)$/,
    over: 'tunnel',
    publishes: true,
    wayOut: inTheContainer,
  },
  {
    names: /^(com\.docker\.backend|vpnkit|gvproxy|limactl|OrbStack( Helper)?)$/,
    over: 'tunnel',
    publishes: true,
    wayOut: inTheContainer,
  },
  // Tunnels to other machines.
  {
    names: /^(wslrelay(\.exe)?|kubectl|oc|k9s|cloudflared|ngrok|chisel|frpc|frps)$/,
    over: 'tunnel',
    wayOut: inThePod,
  },
];

/** The forwarder that a process is, by its names; undefined for all other programs. */
export function forwarderNamed(names: readonly string[]): (Forwarder & { name: string }) | undefined {
  for (const forwarder of forwarders) {
    const name = names.find(each => forwarder.names.test(each));
    if (name !== undefined) return { ...forwarder, name };
  }
  return undefined;
}
