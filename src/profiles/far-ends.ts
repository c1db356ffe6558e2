/** From so many hosts on, one service behind many addresses is told by its port, or one host by its address. */
const many = 8;

/**
 * Sockets by their far end, each as it is named: `TCP to 127.0.0.1:9092`. Where many hosts have one port they are
 * `TCP to *:443`; where one host has many ports, `TCP to 10.0.0.7:*`.
 */
export function farEndsOf(names: readonly string[]): Map<string, string> {
  const ends = names.map(name => ({ name, ...partsOf(name) }));
  const hosts = countBy(ends.map(({ what, port }) => `${what} *:${port}`));
  const ports = countBy(ends.map(({ what, host }) => `${what} ${host}:*`));
  return new Map(
    ends.map(({ name, what, host, port }) => {
      const [ofPort, ofHost] = [`${what} *:${port}`, `${what} ${host}:*`];
      if (hosts.get(ofPort)! >= many) return [name, ofPort];
      return [name, ports.get(ofHost)! >= many ? ofHost : name];
    }),
  );
}

/** What is no address has a part of its own, so that it is like nothing else. */
function partsOf(name: string): { what: string; host: string; port: string } {
  const [, what, host, port] = /^(.* (?:to|on)) (\S+):(\d+)$/.exec(name) ?? [undefined, name, '', name];
  return { what: what!, host: host!, port: port! };
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
