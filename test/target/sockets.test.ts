import { expect, test } from 'vitest';
import { isOwnAddress } from '../../src/target/processes/own-addresses.js';
import { listenersAt, parseTcpTable, urlHost } from '../../src/target/processes/sockets.js';

/** /proc/net/tcp and tcp6 of a machine with nginx before a Node server, as they were. */
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41000 1 0000000000000000 100 0 0 10 0
   1: 00000000:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 41001 1 0000000000000000 100 0 0 10 0
   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 41002 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:1F90 0100007F:C351 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 42000 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000000000000:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 42001 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1F93 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 42002 1 0000000000000000 100 0 0 10 0
`;
const table = [...parseTcpTable(tcp), ...parseTcpTable(tcp6)];
const inodesAt = (host: string, port: number) => listenersAt(table, { host, port }).map(({ inode }) => inode);

test('the table of TCP sockets says who listens, who is connected, and what has ended', () => {
  expect(parseTcpTable(tcp)).toMatchObject([
    { local: { host: '127.0.0.1', port: 8080 }, listening: true, uid: 0, inode: '41000' },
    { local: { host: '0.0.0.0', port: 8081 }, listening: true, uid: 33 },
    { remote: { host: '127.0.0.1', port: 50000 }, listening: false, closed: false, inode: '41002' },
    { remote: { host: '127.0.0.1', port: 50001 }, closed: true },
  ]);
});

test('of two servers on one port, the address tells which is meant', () => {
  expect(inodesAt('127.0.0.1', 8080)).toEqual(['41000']);
  expect(inodesAt('[::1]', 8080)).toEqual(['42000']);
  expect(inodesAt('192.168.1.5', 8080)).toEqual([]);
});

test('who listens on every address is reached at each, and by IPv6 also for IPv4', () => {
  expect(inodesAt('192.168.1.5', 8081)).toEqual(['41001']);
  expect(inodesAt('[::1]', 8081)).toEqual([]);
  expect(inodesAt('127.0.0.1', 8082)).toEqual(['42001']);
  expect(inodesAt('127.0.0.1', 8083)).toEqual(['42002']);
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '[::1]'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['fe80::1%eth0', '[fe80::1]'],
  ['0:0:0:0:0:0:0:1', '[::1]'],
])('the address %s is %s in a URL', (address, host) => {
  expect(urlHost(address)).toBe(host);
});

test('all of 127.0.0.0/8 is this machine, and no address of the documentation is', () => {
  expect(['127.0.0.1', '127.8.9.1', '[::1]', '192.0.2.1', '[2001:db8::1]'].map(isOwnAddress)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
