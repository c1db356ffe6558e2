import { wordFaults } from './rows/words.js';
import { tryAll } from './table.js';

tryAll(wordFaults);
