import { silentFaults } from './rows/silent.js';
import { tryAll } from './table.js';

tryAll(silentFaults);
