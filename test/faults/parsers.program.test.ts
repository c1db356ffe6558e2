import { parserFaults } from './rows/parsers.js';
import { tryAll } from './table.js';

tryAll(parserFaults);
