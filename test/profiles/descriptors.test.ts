import { expect, test } from 'vitest';
import { patternOf } from '../../src/probes/sources/name-pattern.js';
import { descriptors } from '../../src/profiles/descriptors.js';

test.each([
  // Go's os.CreateTemp and mime/multipart, multer, formidable, Python's tempfile, mkdtemp(3), a UUID.
  ['/tmp/multipart-1837465920', '/tmp/multipart-*'],
  ['/tmp/upload_0a1b2c3d4e5f60718293a4b5c6d7e8f9.part', '/tmp/upload_*.part'],
  ['/tmp/0a1b2c3d4e5f60718293a4b5c6d7e8f9', '/tmp/*'],
  ['/tmp/jx4d8f0p2q9w1zk5m7n3b6v0c', '/tmp/*'],
  ['/tmp/tmpab_x3q9k', '/tmp/tmp*'],
  ['/tmp/app-PfTfmx/body', '/tmp/app-*/body'],
  ['/tmp/2f1e9a54-6d0b-4b5e-9c11-4a8f7d3e2b10.png', '/tmp/*.png'],
  ['/var/log/upload-2026-11-23.log', '/var/log/upload-*.log'],
  ['/tmp/multipart-183 (deleted)', '/tmp/multipart-* (deleted)'],
  ['pipe:[81234]', 'pipe'],
])('%s is one of the kind %s', (path, pattern) => {
  expect(patternOf(path)).toBe(pattern);
});

test.each([
  '/srv/app/server.js',
  '/etc/ssl/certs/ca-certificates.crt',
  'anon_inode:[eventpoll]',
  '/dev/null',
])('%s stands for itself', path => {
  expect(patternOf(path)).toBe(path);
});

test('descriptors and temp files are counted by kind, and the bytes of temp files as well', () => {
  const lines = [
    'open-files\t/tmp/multipart-1001',
    'open-files\t/tmp/multipart-1002',
    'sockets\tTCP to 127.0.0.1:9092',
    'temp-files\t/tmp/multipart-1001\t700',
    'temp-files\t/tmp/multipart-1002\t50',
    'no line of this format',
  ];
  const found = descriptors(Buffer.from(lines.join('\n'))).map(({ resource, rows }) => ({
    resource,
    rows: rows.map(({ stack, value }) => [stack[0]!.function, value]),
  }));
  expect(found).toEqual([
    { resource: 'open-files', rows: [['/tmp/multipart-*', 2]] },
    { resource: 'sockets', rows: [['TCP to 127.0.0.1:9092', 1]] },
    { resource: 'temp-files', rows: [['/tmp/multipart-*', 2]] },
    { resource: 'disk', rows: [['/tmp/multipart-*', 750]] },
  ]);
});

test('threads whose names the kernel cut at different places are one kind', () => {
  const names = [
    'pool-1-thread-1',
    'pool-10-thread-',
    'pool-103-thread',
    'pool-1000-threa',
    'Thread-7',
    'Thread-1021',
  ];
  const [threads] = descriptors(Buffer.from(names.map(name => `threads\t${name}`).join('\n')));
  expect(threads!.rows.map(({ key, value }) => [key, value])).toEqual([
    ['pool-*', 4],
    ['Thread-*', 2],
  ]);
});
