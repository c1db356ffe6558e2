import { describeWith } from '../support/toolchain.js';
import { reachFaults } from './rows/reach.js';
import { tryAll } from './table.js';

describeWith('openssl', 'what is read of a target goes the way of the uploads', () => tryAll(reachFaults));
