import { usageError } from '../../errors.js';
import { statusIn } from '../../target/processes/procfs.js';
import type { Sample } from '../probe.js';
import { resourceNames } from '../resource-questions.js';
import { type ResourceName, resources } from '../resources.js';
import { unitFactor, unitsInWords } from './json.js';
import { sampleIn } from './prometheus.js';

/**
 * The output of a command: a JSON object of resources, each a number or `{"value": 1, "unit": "KiB"}`; the
 * status of a process as Linux writes it; or Prometheus text. Throws a sentence without a full stop, or a
 * usage error for an unknown name.
 */
export function sampleInOutput(text: string): Sample {
  if (text.trim() === '') throw new Error('the command printed nothing');
  if (text.trimStart().startsWith('{')) return { values: valuesIn(text) };
  const sample = /^VmRSS:/m.test(text) ? sampleOfStatus(text) : sampleIn(text);
  if (Object.keys(sample.values).length > 0) return sample;
  throw new Error(
    'the command printed neither a JSON object, nor /proc/PID/status, nor a metric for memory, threads or files in the Prometheus format',
  );
}

function valuesIn(text: string): Sample['values'] {
  const entries = Object.entries(objectIn(text));
  if (entries.length === 0) throw new Error('the command printed an empty object');
  return Object.fromEntries(entries.map(([name, value]) => [named(name), amountOf(named(name), value)]));
}

function objectIn(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new Error('the command printed something that starts like JSON but is not');
  }
}

function named(name: string): ResourceName {
  if (Object.hasOwn(resources, name)) return name as ResourceName;
  throw usageError(
    'BAD_PROBE',
    `The command of --probe exec prints "${name.slice(0, 80)}", which is not a resource: use ${resourceNames.join(', ')}.`,
  );
}

function amountOf(name: ResourceName, written: unknown): number {
  const { value = written, unit = resources[name].unit } = (
    typeof written === 'object' && written !== null ? written : {}
  ) as { value?: unknown; unit?: unknown };
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new Error(`the command printed no number for "${name}"`);
  }
  const factor = unitFactor(name, String(unit));
  if (factor !== undefined) return value * factor;
  throw usageError(
    'BAD_PROBE',
    `The command of --probe exec prints "${name}" in "${String(unit).slice(0, 80)}": use ${unitsInWords(name)}.`,
  );
}

/** Source: proc_pid_status(5). */
const statusNames = { VmRSS: 'rss', RssAnon: 'anon', RssShmem: 'shmem', Threads: 'threads' } as const;

function sampleOfStatus(text: string): Sample {
  const status = statusIn(text);
  const values: Sample['values'] = {};
  for (const [name, resource] of Object.entries(statusNames)) {
    if (status[name] !== undefined) values[resource] = status[name];
  }
  return { values, identity: status.Pid === undefined ? undefined : String(status.Pid) };
}
