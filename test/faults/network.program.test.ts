import { describeWith } from '../support/toolchain.js';
import { networkFaults } from './rows/network.js';
import { tryAll } from './table.js';

describeWith('openssl', 'the network, and what a target does to its connections', () =>
  tryAll(networkFaults),
);
