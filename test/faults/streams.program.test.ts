import { streamFaults } from './rows/streams.js';
import { tryAll } from './table.js';

tryAll(streamFaults);
