import { expect, test } from 'vitest';
import { sfc32 } from '../../src/fixtures/sfc32.js';
import { patternOf } from '../../src/probes/sources/name-pattern.js';
import { descriptors } from '../../src/profiles/descriptors.js';
import { SiteHistory } from '../../src/profiles/history.js';
import { growingSites } from '../../src/verdict/culprits/culprits.js';

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

test('descriptors and temp files are counted by name, and the bytes of temp files as well', () => {
  const lines = [
    'open-files\t/tmp/multipart-1001',
    'open-files\t/tmp/multipart-1001',
    'open-files\tpipe:[8123]',
    'open-files\tpipe:[8124]',
    'sockets\tTCP to 127.0.0.1:9092',
    'threads\tpool-1-thread-1',
    'temp-files\t/tmp/multipart-1001\t700',
    'temp-files\t/tmp/multipart-1002\t50',
    'no line of this format',
  ];
  const found = descriptors(Buffer.from(lines.join('\n'))).map(({ resource, rows }) => ({
    resource,
    rows: rows.map(({ stack, value }) => [stack[0]!.function, value]),
  }));
  const [first, second] = ['/tmp/multipart-1001', '/tmp/multipart-1002'];
  expect(found).toEqual([
    {
      resource: 'open-files',
      rows: [
        [first, 2],
        ['pipe', 2],
      ],
    },
    { resource: 'sockets', rows: [['TCP to 127.0.0.1:9092', 1]] },
    { resource: 'threads', rows: [['pool-1-thread-1', 1]] },
    {
      resource: 'temp-files',
      rows: [
        [first, 1],
        [second, 1],
      ],
    },
    {
      resource: 'disk',
      rows: [
        [first, 700],
        [second, 50],
      ],
    },
  ]);
});

test("a leak of Python's random temp files is one family with all of its growth and bytes", () => {
  const table = new SiteHistory();
  const source = sfc32(1);
  const random = () => Array.from({ length: 8 }, () => (source.next() % 36).toString(36)).join('');
  const left = ['temp-files\t/tmp/app.sock\t0'];
  for (let reading = 0; reading < 12; reading += 1) {
    for (let i = 0; i < 40; i += 1) left.push(`temp-files\t/tmp/upload-${random()}\t1024`);
    table.add(reading * 40, descriptors(Buffer.from(left.join('\n'))));
  }
  const told = (resource: 'temp-files' | 'disk', growth: number) =>
    growingSites(table, resource, growth).map(({ site, share, perUpload }) => [
      site.function,
      share,
      perUpload.estimate,
    ]);
  expect(told('temp-files', 1)).toEqual([['/tmp/upload-*', expect.closeTo(1, 9), expect.closeTo(1, 9)]]);
  expect(told('disk', 1024)).toEqual([['/tmp/upload-*', expect.closeTo(1, 9), expect.closeTo(1024, 6)]]);
});
