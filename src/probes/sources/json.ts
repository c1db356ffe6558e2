import { usageError } from '../../errors.js';
import { redactUrl } from '../../redact.js';
import type { Target } from '../../target/locate/locate.js';
import { bytesPer } from '../../units.js';
import { resourceNamed, settingsOf } from '../argument.js';
import { addressOf, readJson } from '../http.js';
import { openProbe, type Probe, type Source, SourceUnavailable } from '../probe.js';
import { type ResourceName, resources } from '../resources.js';

export const jsonSource: Source = {
  open: json,
  auto: false,
  example: 'json=URL#/POINTER',
  argument: 'pointer',
  advice: {
    ruby: {
      sentence:
        'Serve GC.stat[:heap_live_slots] after a GC.start, and give its address with --probe "json=URL#/POINTER;name=heap-objects".',
    },
    dotnet: {
      sentence: 'Serve GC.GetTotalMemory(true), and give its address with --probe json=URL#/POINTER.',
    },
  },
};

/**
 * One number of any JSON page, found by a JSON pointer (RFC 6901) in the fragment:
 * `http://host/stats#/memory/heapUsed`.
 */
export async function json({ via }: Target, argument?: string): Promise<Probe> {
  if (argument === undefined) {
    throw new SourceUnavailable(
      "it needs an address: --probe 'json=http://HOST:PORT/stats#/memory/used;unit=bytes;name=heap'",
    );
  }
  const { address, settings } = settingsOf('json', argument, ['name', 'unit']);
  const name = resourceNamed('json', settings.name ?? 'heap');
  const factor = factorOf(settings.unit ?? resources[name].unit, name);
  const url = addressOf(address, '/');
  const { hash } = url;
  const pointer = pointerOf(hash.slice(1));
  url.hash = '';
  const endpoint = `${redactUrl(url)}${hash}`;

  const probe = await openProbe('json', endpoint, async timeout => {
    const value = valueAt(await readJson(url.href, { timeout, via }), pointer);
    if (typeof value === 'number' && Number.isFinite(value)) return { values: { [name]: value * factor } };
    throw new Error(
      `the pointer "${pointer}" of ${redactUrl(url)} leads to ${kindOf(value)}, not to a finite number`,
    );
  });
  // Another number of the page, by its own pointer (`/queue/depth`) or by its key alone.
  const metric = async (name: string) => {
    const found = valueAt(await readJson(url.href, { via }), name.startsWith('/') ? name : `/${name}`);
    return typeof found === 'number' ? found : undefined;
  };
  return { ...probe, metric };
}

/** The factor from a unit to the resource's own; undefined if it is not a unit of that resource. */
export function unitFactor(name: ResourceName, unit: string): number | undefined {
  return resources[name].unit === 'count' ? (unit === 'count' ? 1 : undefined) : bytesPer(unit);
}

/** The units in which a resource may be given, for people. */
export function unitsInWords(name: ResourceName): string {
  return resources[name].unit === 'count' ? 'count' : 'bytes, kB, KiB, MB, MiB, GB or GiB';
}

function factorOf(unit: string, name: ResourceName): number {
  const factor = unitFactor(name, unit);
  if (factor !== undefined) return factor;
  throw usageError(
    'BAD_PROBE',
    `--probe json has ";unit=${unit}", which is not a unit of ${name}: use ${unitsInWords(name)}.`,
  );
}

/** A pointer as it stands in a fragment, with percent escapes (RFC 6901, section 6). */
function pointerOf(fragment: string): string {
  try {
    const pointer = decodeURIComponent(fragment);
    if (/^(\/|$)/.test(pointer) && !/~(?![01])/.test(pointer)) return pointer;
  } catch {
    // A percent sign that begins no escape: not a pointer either.
  }
  throw usageError(
    'BAD_PROBE',
    `--probe json has "#${fragment}", which is not a JSON pointer: write, for example, #/memory/heapUsed (~1 for a slash, %25 for %).`,
  );
}

function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return (
    { string: 'a string', boolean: 'a boolean', number: 'an infinite number' }[typeof value as string] ??
    'an object'
  );
}
