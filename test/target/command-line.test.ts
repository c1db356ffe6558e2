import { expect, test } from 'vitest';
import { inWords } from '../../src/target/processes/command-line.js';

test.each([
  [['/usr/bin/node', '/srv/old.js'], 'node /srv/old.js'],
  [['nginx: master process nginx -c /etc/nginx.conf'], 'nginx: master process nginx -c /etc/nginx.conf'],
  [['app', '--api-token=abc', '--port=80'], 'app --api-token=*** --port=80'],
  [['app', '--password', 'abc', '--verbose'], 'app --password *** --verbose'],
  [['app', 'postgres://me:abc@db/x'], 'app postgres://db/x'],
  [['app', ...Array(50).fill('run')], `app ${'run '.repeat(24)}…`],
])('%j is shown as %s', (words, shown) => {
  expect(inWords(words)).toBe(shown);
});
