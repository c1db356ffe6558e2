import type { Runtime } from '../target/runtime.js';
import { actuatorSource } from './actuator.js';
import { cgroupSource } from './cgroup.js';
import { dirSource } from './dir.js';
import { dockerSource } from './docker.js';
import { execSource } from './exec.js';
import { expvarSource } from './expvar.js';
import { inspectorSource } from './inspector.js';
import { jcmdSource } from './jcmd.js';
import { jsonSource } from './json.js';
import { pidSource } from './pid.js';
import { pprofSource } from './pprof.js';
import type { Source, SourceName } from './probe.js';
import { prometheusSource } from './prometheus.js';
import { promqlSource } from './promql.js';

/** Every source, by the word that `--probe` takes; of two that know a resource, the earlier one is believed. */
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

/** How to have the heap of a target on some runtime read exactly, a sentence. */
export function wayToTheHeap(runtime: Runtime): string | undefined {
  return Object.values(sources).find(({ advice }) => advice?.[runtime])?.advice?.[runtime]?.sentence;
}
