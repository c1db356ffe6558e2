import { terminalFaults } from './rows/terminals.js';
import { tryAll } from './table.js';

tryAll(terminalFaults);
