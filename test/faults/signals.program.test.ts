import { signalFaults } from './rows/signals.js';
import { tryAll } from './table.js';

tryAll(signalFaults);
