import type { Runtime } from '../target/processes/runtime.js';
import type { Setting } from '../target/processes/settings.js';
import type { Source, SourceName } from './probe.js';
import { actuatorSource } from './sources/actuator.js';
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
}

/** How to have the heap of a target read exactly, a sentence; undefined where no way is known. */
export function wayToTheHeap(target: Advised): string | undefined {
  return Object.values(sources).flatMap(source => adviceOn(source, target) ?? [])[0]?.sentence;
}

/** How a target comes to be read by a source; undefined where it has no need of advice, or no use for it. */
export function adviceOn({ advice }: Source, { runtime, settings = [] }: Advised) {
  const usual = runtime && advice?.[runtime];
  if (!usual) return undefined;
  const special = Object.entries(usual.instead ?? {}).find(([name]) => settings.includes(name as Setting));
  return special ? (special[1] ?? undefined) : usual;
}
