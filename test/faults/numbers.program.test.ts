import { numberFaults } from './rows/numbers.js';
import { tryAll } from './table.js';

tryAll(numberFaults);
