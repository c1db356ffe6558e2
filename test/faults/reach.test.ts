import { reachFaults } from './rows/reach.js';
import { tryAll } from './table.js';

tryAll(reachFaults);
