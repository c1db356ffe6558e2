// Leaves RATE files per second in a folder: `node stranger.mjs FOLDER RATE`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, rate] = process.argv.slice(2);
let count = 0;
setInterval(() => writeFileSync(join(folder, `stranger-${count++}.tmp`), 'x'), 1000 / Number(rate));
console.log('writing');
