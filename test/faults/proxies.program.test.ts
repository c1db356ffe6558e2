import { describeWith } from '../support/toolchain.js';
import { proxyFaults } from './rows/proxies.js';
import { tryAll } from './table.js';

describeWith('openssl', 'what names a proxy does what it does in curl', () => tryAll(proxyFaults));
