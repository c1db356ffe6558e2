import type { Hunt } from '../../record/record.js';
import { runtimeTitles } from './wording.js';

/**
 * What the process is and how the uploads reach it: `Node, through nginx (pid 12) to node server.js (pid
 * 34)`.
 */
export function processInWords({
  pid,
  runtime,
  command = 'process',
  through = [],
}: Pick<Hunt['target'], 'pid' | 'runtime' | 'command' | 'through'>): string {
  const way = through.map(hop => `${hop.name} (pid ${hop.pid})`).join(' and ');
  const process =
    pid === undefined ? undefined : way ? `through ${way} to ${command} (pid ${pid})` : `process ${pid}`;
  return [runtime && runtimeTitles[runtime], process].filter(Boolean).join(', ');
}
