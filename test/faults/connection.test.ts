import { describeWith } from '../support/toolchain.js';
import { addressFaults } from './rows/addresses.js';
import { tlsFaults } from './rows/tls.js';
import { tryAll } from './table.js';

describeWith('openssl', 'what shapes TLS does what it does in curl', () => tryAll(tlsFaults));

describeWith('openssl', 'what shapes an address does what it does in curl', () => tryAll(addressFaults));
