import { decimalIn, secondsIn } from '../amounts.js';
import { usageError } from '../errors.js';
import type { Probe } from '../probes/probe.js';
import { pageMetric } from '../probes/sources/metric.js';
import type { Target } from '../target/locate/locate.js';

/**
 * How long a target is left alone before its growth is called a leak: some seconds, or until its own metric
 * has a value.
 */
export type Drain = { seconds: number } | { metric: string; value: number };

/** `30`, `30s` or `queue_depth=0`. Throws a usage error. */
export function parseDrain(text: string): Drain {
  const seconds = secondsIn(text);
  if (seconds !== undefined && seconds > 0) return { seconds };
  const equals = text.lastIndexOf('=');
  const metric = text.slice(0, Math.max(0, equals)).trim();
  const value = decimalIn(text.slice(equals + 1));
  if (metric !== '' && value !== undefined) return { metric, value };
  throw usageError(
    'BAD_DRAIN',
    `--drain "${text}" is neither a number of seconds nor a metric and its value: write, for example, --drain 30 or --drain queue_depth=0.`,
  );
}

/** Reads a metric of the target, as it is now. */
export type MetricReader = () => Promise<number | undefined>;

/**
 * Finds where the metric of `--drain` can be read: in a source that is read already, or on a page of metrics.
 * Rejects with a usage error.
 */
export async function metricOf(
  drain: Drain | undefined,
  target: Target,
  probes: readonly Probe[],
): Promise<MetricReader | undefined> {
  if (!drain || !('metric' in drain)) return undefined;
  const { metric } = drain;
  const readers: MetricReader[] = [
    ...probes.flatMap(probe => (probe.metric ? () => probe.metric!(metric) : [])),
    () => pageMetric(target, metric),
  ];
  for (const read of readers) {
    if ((await read().catch(() => undefined)) !== undefined) return () => read().catch(() => undefined);
  }
  throw usageError(
    'NO_SUCH_METRIC',
    `--drain "${metric}=${drain.value}": the target has no metric with this name. Check its metrics page; if that is not at /metrics, give its address with --probe prometheus=HOST:PORT/metrics or json=URL#/POINTER.`,
  );
}
