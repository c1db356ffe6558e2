import type { Runtime } from '../target/processes/runtime.js';
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

/** Every source, by the word that `--probe` takes; of two that know a resource, the earlier one is believed. */
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

/** How to have the heap of a target on some runtime read exactly, a sentence. */
export function wayToTheHeap(runtime: Runtime): string | undefined {
  return Object.values(sources).find(({ advice }) => advice?.[runtime])?.advice?.[runtime]?.sentence;
}
