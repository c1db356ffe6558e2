import { expect, test } from 'vitest';
import { isOfConnection } from '../../src/commands/curl/group.js';
import { curlOptions } from '../../src/commands/curl/table.js';
import { describeWith } from '../support/toolchain.js';
import { addressFaults } from './rows/addresses.js';
import { proxyFaults } from './rows/proxies.js';
import { refusedFaults } from './rows/refused.js';
import { tlsFaults } from './rows/tls.js';
import { tryAll } from './table.js';

test('every flag of a connection has a row', () => {
  const rows = [...tlsFaults, ...addressFaults, ...proxyFaults]
    .map(({ name, done }) => `${name} ${done}`)
    .join('\n');
  const named = (flag: string) => new RegExp(`(?<![\\w-])${flag.replace('.', '\\.')}(?![\\w.-])`).test(rows);
  const missing = curlOptions.filter(
    ({ name, short }) => isOfConnection(name) && !named(`--${name}`) && !(short && named(`-${short}`)),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
});

describeWith('openssl', 'what shapes TLS does what it does in curl', () => tryAll(tlsFaults));

describeWith('openssl', 'what shapes an address does what it does in curl', () => tryAll(addressFaults));

tryAll(refusedFaults);
