import { performance, type RecordableHistogram } from 'node:perf_hooks';
import { latencyHistogram, latencyOf } from '../latency.js';

/** What a round cost leakhunt's own process. */
export interface SelfUsage {
  /** Its duration, in seconds of wall time. */
  seconds: number;
  /** CPU time of the whole process during it. */
  cpuSeconds: number;
  /** The share of that time, 0 to 1, in which the busiest uploading thread did not wait for the target. */
  busy: number;
  /** How late timers fired, in microseconds. */
  delay: RecordableHistogram;
}

/** How often the delay is measured (ms). */
const interval = 10;

/** Watches this thread from now on; the returned function ends that and returns the result. */
export function watchSelf(): () => SelfUsage {
  const delay = latencyHistogram();
  const start = performance.now();
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  let expected = start + interval;
  const timer = setInterval(() => {
    const now = performance.now();
    delay.record(Math.max(1, Math.round((now - expected) * 1000)));
    expected = now + interval;
  }, interval);
  return () => {
    clearInterval(timer);
    const { user, system } = process.cpuUsage(cpu);
    return {
      seconds: (performance.now() - start) / 1000,
      cpuSeconds: (user + system) / 1e6,
      busy: performance.eventLoopUtilization(loop).utilization,
      delay,
    };
  };
}

/** Above this share, the uploading thread had no time left to wait: it set the pace, not the target. */
const bottleneckFrom = 0.9;

/** All rounds together; undefined before the first upload. Delays are in ms. */
export function totalEffort(efforts: readonly SelfUsage[]):
  | {
      cpuShare: number;
      eventLoopDelayMs: { p50: number; p99: number; max: number };
      bottleneck: boolean;
    }
  | undefined {
  const seconds = efforts.reduce((sum, each) => sum + each.seconds, 0);
  if (seconds === 0) return undefined;
  const delay = latencyHistogram();
  for (const each of efforts) if (each.delay.count > 0) delay.add(each.delay);
  const { p50, p99, max } = latencyOf(delay);
  const busy = efforts.reduce((sum, each) => sum + each.busy * each.seconds, 0) / seconds;
  return {
    cpuShare: efforts.reduce((sum, each) => sum + each.cpuSeconds, 0) / seconds,
    eventLoopDelayMs: { p50, p99, max },
    bottleneck: busy >= bottleneckFrom,
  };
}
