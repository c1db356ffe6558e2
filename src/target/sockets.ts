import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';

/** One end of a TCP connection as the kernel lists it; a local port that listens is told by `listening`. */
export interface TcpSocket {
  local: Address;
  remote: Address;
  listening: boolean;
}

interface Address {
  host: string;
  port: number;
}

const listen = '0A';

/**
 * Every TCP socket of a process's network namespace, by inode. Linux only: elsewhere, and where the table cannot
 * be read, there are none. Source: the kernel's Documentation/networking/proc_net_tcp.rst.
 */
export async function tcpSockets(pid: number): Promise<Map<string, TcpSocket>> {
  const sockets = new Map<string, TcpSocket>();
  for (const table of ['tcp', 'tcp6']) {
    const text = await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '');
    for (const row of text.split('\n').slice(1)) {
      const [, local, remote, state, , , , , , inode] = row.trim().split(/\s+/);
      // What waits after it was closed (TIME_WAIT) is nobody's, and there may be thousands after a round of uploads.
      if (!local || !remote || !inode || inode === '0') continue;
      sockets.set(inode, {
        local: addressOf(local),
        remote: addressOf(remote),
        listening: state === listen,
      });
    }
  }
  return sockets;
}

/** `0100007F:2384`: the bytes of the address in words of the machine's own order (little-endian here), the port in hex. */
export function addressOf(text: string): Address {
  const [hex, port] = text.split(':') as [string, string];
  const words = hex.match(/.{8}/g)?.map(word => word.match(/../g)!.reverse().join('')) ?? [];
  return { host: hostOf(words.join('')), port: Number.parseInt(port, 16) };
}

function hostOf(hex: string): string {
  const bytes = hex.match(/../g)?.map(byte => Number.parseInt(byte, 16)) ?? [];
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(12).join('.');
  if (/^0{20}f{4}/i.test(hex) && isIPv4(mapped)) return mapped;
  const groups = hex.toLowerCase().match(/.{4}/g) ?? [];
  // The system's own parser writes an address in its shortest form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname;
}
