import { usageError } from '../errors.js';
import { inspector } from './inspector.js';
import { pid } from './pid.js';
import { pprof } from './pprof.js';
import type { Source, SourceName } from './probe.js';
import { prometheus } from './prometheus.js';

/** Every source, by the word that `--probe` takes; of two that know a resource, the earlier one is believed. */
export const sources: Record<SourceName, Source> = { pprof, inspector, pid, prometheus };

/** One `--probe`. */
export type ProbeRequest = { source: SourceName; argument?: string } | 'auto';

/** Takes `--probe pprof=localhost:6060` apart; `auto` stands for all sources there are. */
export function parseProbe(text: string): ProbeRequest {
  if (text === 'auto') return 'auto';
  const [, name, argument] = /^([^=]*)(?:=(.*))?$/s.exec(text)!;
  if (!Object.hasOwn(sources, name!)) {
    const known = Object.keys(sources).join(', ');
    throw usageError('BAD_PROBE', `--probe "${text}" names no source: use auto, ${known}, as in pid=4711.`);
  }
  if (argument === '')
    throw usageError('BAD_PROBE', `--probe "${text}" has nothing after "=": write an address.`);
  return { source: name as SourceName, argument };
}
