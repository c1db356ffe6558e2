export { type ExpectFlatOptions, expectFlat, LeakError } from './expect-flat.js';
