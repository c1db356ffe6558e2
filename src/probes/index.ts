import { processIdIn } from '../amounts.js';
import { usageError } from '../errors.js';
import { redactAddress } from '../redact.js';
import { type Container, processOf } from '../target/containers/container.js';
import { containerNamed } from '../target/containers/find.js';
import { actuator } from './actuator.js';
import { cgroup } from './cgroup.js';
import { dir } from './dir.js';
import { docker } from './docker.js';
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
  docker,
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
  if (name === 'docker' && argument === undefined) {
    throw usageError(
      'BAD_PROBE',
      '--probe docker names no container: write docker=NAME, or auto to find it.',
    );
  }
  return { source: name as SourceName, argument };
}

/** What the user named as the target: a process (`--probe pid=N`), or a container (`--probe docker=NAME`). */
export interface Named {
  pid?: number;
  /** Where its processes are not in sight. */
  container?: Container;
}

/** The target that probes name. A container that there is not is told when its source is opened. */
export async function namedIn(requests: readonly ProbeRequest[]): Promise<Named> {
  const argumentOf = (source: SourceName) =>
    requests.flatMap(each => (each !== 'auto' && each.source === source ? (each.argument ?? []) : []))[0];
  const pid = processIdIn(argumentOf('pid') ?? '');
  if (pid !== undefined) return { pid };
  const name = argumentOf('docker');
  const container = name === undefined ? undefined : await containerNamed(name).catch(() => undefined);
  if (!container) return {};
  const process = await processOf(container);
  return process === undefined ? { container } : { pid: process };
}
