import { expect, test } from 'vitest';
import { forwarderNamed } from '../../src/target/locate/forwarders.js';
import { commandOf } from '../../src/target/processes/program.js';

test.each([
  ['nginx', 'nginx'],
  ['docker-proxy', 'docker-proxy'],
  ['com.docker.backend', 'com.docker.backend'],
  ['sshd', 'sshd'],
  ['pasta.avx2', 'pasta.avx2'],
])('%s is a forwarder', (name, known) => {
  expect(forwarderNamed([name])?.name).toBe(known);
});

test.each(['node', 'java', 'python3.11', 'sshfs', 'nginx-exporter', 'my-envoy', ''])('"%s" is none', name => {
  expect(forwarderNamed([name])).toBeUndefined();
});

test('a command line is shown without secrets, and cut once they are hidden', () => {
  const args = [
    'server.js',
    '--db-password',
    'hunter2',
    '--url=http://me:pw@db/?key=abc',
    'A=b',
    '--port=80',
  ];
  expect(commandOf('node', args)).toBe(
    'node server.js --db-password *** --url=http://db/?key=*** A=*** --port=80',
  );
  expect(commandOf('node', Array(50).fill('run'))).toHaveLength(80);
});
