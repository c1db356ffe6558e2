import { describeWith } from '../support/toolchain.js';
import { addressFaults } from './rows/addresses.js';
import { tlsFaults } from './rows/tls.js';
import { tryAll } from './table.js';

describeWith('curl', 'what shapes TLS does what it does in curl', () => tryAll(tlsFaults));

describeWith('curl', 'what shapes an address does what it does in curl', () => tryAll(addressFaults));
