import type { Runtime } from '../target/processes/runtime.js';
import type { Setting } from '../target/processes/settings.js';
import type { Source, SourceName } from './probe.js';
import { actuatorSource } from './sources/actuator.js';
import { agentSource } from './sources/agent.js';
import { cgroupSource } from './sources/cgroup.js';
import { dirSource } from './sources/dir.js';
import { dockerSource } from './sources/docker.js';
import { execSource } from './sources/exec.js';
import { expvarSource } from './sources/expvar.js';
import { inspectorSource } from './sources/inspector.js';
import { jcmdSource } from './sources/jcmd.js';
import { jsonSource } from './sources/json.js';
import { pidSource } from './sources/pid.js';
import { pprofSource } from './sources/pprof.js';
import { prometheusSource } from './sources/prometheus.js';
import { promqlSource } from './sources/promql.js';

/** Every source, by its name for `--probe`; if two know a resource, the earlier one is believed. */
export const sources: Readonly<Record<SourceName, Source>> = {
  pprof: pprofSource,
  inspector: inspectorSource,
  jcmd: jcmdSource,
  agent: agentSource,
  pid: pidSource,
  expvar: expvarSource,
  actuator: actuatorSource,
  prometheus: prometheusSource,
  docker: dockerSource,
  cgroup: cgroupSource,
  json: jsonSource,
  promql: promqlSource,
  exec: execSource,
  dir: dirSource,
};

/** A target as far as advice depends on it. */
export interface Advised {
  runtime?: Runtime;
  settings?: readonly Setting[];
  /** Sources that were looked for in vain, each with the reason. */
  missing?: readonly { source: SourceName; why: string }[];
}

/**
 * How to have the heap of a target read exactly, in a sentence or two; undefined where no way is known. Where the source
 * for it was looked for in vain, and its reason says more than the advice, they tell that reason.
 */
export function wayToTheHeap(target: Advised): string | undefined {
  for (const [name, source] of Object.entries(sources)) {
    const advice = adviceOn(source, target);
    if (!advice) continue;
    const why = target.missing?.find(each => each.source === name)?.why;
    return why === undefined || advice.otherwise === undefined
      ? advice.sentence
      : `${name} could not read it: ${why}. ${advice.otherwise}`;
  }
  return undefined;
}

/** How a target comes to be read by a source; undefined where it has no need of advice, or no use for it. */
export function adviceOn({ advice }: Source, { runtime, settings = [] }: Advised) {
  const usual = runtime && advice?.[runtime];
  if (!usual) return undefined;
  const special = Object.entries(usual.instead ?? {}).find(([name]) => settings.includes(name as Setting));
  return special ? (special[1] ?? undefined) : usual;
}
