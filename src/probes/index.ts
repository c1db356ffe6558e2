import { usageError } from '../errors.js';
import { redactAddress } from '../redact.js';
import { actuator } from './actuator.js';
import { cgroup } from './cgroup.js';
import { dir } from './dir.js';
import { exec } from './exec.js';
import { expvar } from './expvar.js';
import { inspector } from './inspector.js';
import { jcmd } from './jcmd.js';
import { json } from './json.js';
import { pid } from './pid.js';
import { pprof } from './pprof.js';
import type { Source, SourceName } from './probe.js';
import { prometheus } from './prometheus.js';
import { promql } from './promql.js';

/** Every source, by the word that `--probe` takes; of two that know a resource, the earlier one is believed. */
export const sources: Record<SourceName, Source> = {
  pprof,
  inspector,
  jcmd,
  pid,
  expvar,
  actuator,
  prometheus,
  cgroup,
  json,
  promql,
  exec,
  dir,
};

/** One `--probe`. */
export type ProbeRequest = { source: SourceName; argument?: string } | 'auto';

/** Takes `--probe pprof=localhost:6060` apart; `auto` stands for all sources there are. */
export function parseProbe(text: string): ProbeRequest {
  if (text === 'auto') return 'auto';
  const [, name, argument] = /^([^=]*)(?:=(.*))?$/s.exec(text)!;
  if (!Object.hasOwn(sources, name!)) {
    const known = Object.keys(sources).join(', ');
    throw usageError(
      'BAD_PROBE',
      `--probe "${redactAddress(name!)}" names no source: use auto, ${known}, as in pid=4711.`,
    );
  }
  if (argument === '')
    throw usageError('BAD_PROBE', `--probe "${text}" has nothing after "=": write an address.`);
  return { source: name as SourceName, argument };
}

/** The process that `--probe pid=N` names. */
export function pidIn(requests: readonly ProbeRequest[]): number | undefined {
  const named = requests.flatMap(request => (request !== 'auto' && request.source === 'pid' ? request : []));
  const pid = Number(named.find(({ argument }) => argument !== undefined)?.argument);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}
