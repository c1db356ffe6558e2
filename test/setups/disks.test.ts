import { diskFaults } from '../faults/rows/disks.js';
import { tryAll } from '../faults/table.js';
import { describeWith } from '../support/toolchain.js';

describeWith('mounts', 'a hunt beside a disk that gets full', () => tryAll(diskFaults));
