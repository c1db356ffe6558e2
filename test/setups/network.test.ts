import { delayFaults, farFaults, longFaults } from '../faults/rows/far.js';
import { tryAll } from '../faults/table.js';
import { describeWith } from '../support/toolchain.js';

describeWith('packetFilter', 'a hunt over a network that fails', () => tryAll(farFaults));

describeWith('netem', 'a hunt over a network that is slow', () => tryAll(delayFaults));

describeWith('namespaces', 'a hunt of long rounds', () => tryAll(longFaults));
