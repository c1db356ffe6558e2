import { usageError } from '../errors.js';
import type { SourceName } from './probe.js';
import { resourceNames } from './resource-questions.js';
import type { ResourceName } from './resources.js';

/** The settings that may follow an address: `;name=rss;unit=KiB`. Throws a usage error for an unknown one. */
export function settingsOf<Name extends string>(
  source: SourceName,
  argument: string,
  known: readonly Name[],
): { address: string; settings: Partial<Record<Name, string>> } {
  const settings: Partial<Record<Name, string>> = {};
  let address = argument;
  for (let match = lastSetting.exec(address); match; match = lastSetting.exec(address)) {
    const [, before, name, value] = match;
    if (!known.includes(name as Name)) {
      throw usageError(
        'BAD_PROBE',
        `--probe ${source} has no setting ";${name}=": use ${known.join(' or ')}.`,
      );
    }
    settings[name as Name] ??= value;
    address = before!;
  }
  return { address, settings };
}

const lastSetting = /^(.*);(\w+)=([\w.-]*)$/s;

/** The resource that `;name=` assigns to a value. Throws a usage error that lists them all. */
export function resourceNamed(source: SourceName, name: string): ResourceName {
  if ((resourceNames as string[]).includes(name)) return name as ResourceName;
  throw usageError(
    'BAD_PROBE',
    `--probe ${source} has ";name=${name}", which is not a resource: use one of ${resourceNames.join(', ')}.`,
  );
}
