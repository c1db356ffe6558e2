import { stoppedFaults } from './rows/stopped.js';
import { tryAll } from './table.js';

tryAll(stoppedFaults);
