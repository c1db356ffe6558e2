import { processIdIn } from '../amounts.js';
import { usageError } from '../errors.js';
import { redactAddress } from '../redact.js';
import { type Container, processOf } from '../target/containers/container.js';
import { containerNamed } from '../target/containers/find.js';
import { sources } from './catalogue.js';
import type { Source, SourceName } from './probe.js';

/** One `--probe`. */
export type ProbeRequest = { source: SourceName; argument?: string } | 'auto';

/** Parses `--probe pprof=localhost:6060`; `auto` stands for all sources. */
export function parseProbe(text: string): ProbeRequest {
  if (text === 'auto') return 'auto';
  const [, name, argument] = /^([^=]*)(?:=(.*))?$/s.exec(text)!;
  if (!Object.hasOwn(sources, name!)) {
    const known = Object.keys(sources).join(', ');
    throw usageError(
      'BAD_PROBE',
      `--probe "${redactAddress(name!)}" does not name a source: use auto, ${known}, e.g. pid=4711.`,
    );
  }
  if (argument === '')
    throw usageError('BAD_PROBE', `--probe "${text}" has nothing after "=": add an address.`);
  const { wanting } = sources[name!]!;
  if (wanting !== undefined && argument === undefined) throw usageError('BAD_PROBE', wanting);
  return { source: name!, argument };
}

/** What the user named as the target: a process (`--probe pid=N`), or a container (`--probe docker=NAME`). */
export interface Named {
  pid?: number;
  /** Set if its processes cannot be seen. */
  container?: Container;
}

/** The target that probes name. A container that does not exist is reported when its source is opened. */
export async function namedIn(requests: readonly ProbeRequest[]): Promise<Named> {
  const argumentOf = (what: Source['names']) =>
    requests.flatMap(each =>
      each !== 'auto' && sources[each.source]?.names === what ? (each.argument ?? []) : [],
    )[0];
  const pid = processIdIn(argumentOf('process') ?? '');
  if (pid !== undefined) return { pid };
  const name = argumentOf('container');
  const container = name === undefined ? undefined : await containerNamed(name).catch(() => undefined);
  if (!container) return {};
  const process = await processOf(container);
  return process === undefined ? { container } : { pid: process };
}
