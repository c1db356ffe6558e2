import { networkFaults } from './rows/network.js';
import { tryAll } from './table.js';

tryAll(networkFaults);
