import { outputFaults } from './rows/outputs.js';
import { tryAll } from './table.js';

tryAll(outputFaults);
