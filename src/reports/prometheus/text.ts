import { plain } from '../text/plain.js';

export interface MetricSample {
  labels: Record<string, string>;
  value: number;
}

/** A gauge and its samples, which are written together. */
export interface MetricFamily {
  name: string;
  help: string;
  samples: MetricSample[];
}

/**
 * The text exposition format 0.0.4 that is also valid OpenMetrics 1.0: only gauges, no comments, no empty
 * lines, and the end mark. A family without samples is left out; a duplicate series would be refused.
 */
export function exposition(families: MetricFamily[]): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...[...new Map(samples.map(sample => [labelsIn(sample), sample.value]))].map(
        ([labels, value]) => `${name}${labels} ${numberIn(value)}`,
      ),
    ]);
  return [...lines, '# EOF', ''].join('\n');
}

const longestLabel = 2000;

function labelsIn({ labels }: MetricSample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

/** Lone halves of surrogate pairs are not valid UTF-8. */
function escaped(value: string): string {
  return plain(value)
    .slice(0, longestLabel)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n');
}

function numberIn(value: number): string {
  if (Number.isFinite(value)) return String(Number(value.toPrecision(15)));
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
