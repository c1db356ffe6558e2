import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LeakhuntError } from '../../errors.js';
import { planHunt } from '../../hunt/plan.js';
import { type Config, configuredWords, type Given } from '../config/config.js';
import type { CurlRequest } from '../curl/request.js';
import { Owners } from '../outputs/files.js';
import { formatsIn } from '../outputs/flags.js';
import { placeOf } from '../outputs/place.js';
import type { Streams } from '../program/streams.js';
import { uploadOf } from '../upload/command.js';
import { type Flags, optionsOf } from '../upload/flags.js';
import { targetUrl } from '../upload/upload.js';

/** A hunt of a configuration, ready to run. */
export interface NamedHunt {
  name: string;
  request: CurlRequest;
  flags: Flags;
}

/**
 * The hunts of these names. Throws a usage error for anything wrong with any of them before the first one
 * begins, also if two of them would write one file.
 */
export async function checkedHunts(
  command: Command,
  config: Config,
  names: string[],
  given: Given[],
  env: Streams['env'],
): Promise<NamedHunt[]> {
  const hunts = names.map(name => {
    const words = configuredWords(command, config, name, given, env);
    const place = config.hunts.has(name) ? `${config.file}: hunts.${name}` : config.file;
    return pointing(place, () => checked(name, words, env));
  });
  await refuseSharedFiles(hunts);
  return hunts;
}

/** Problems that only the files of a request could show are left to the hunt. */
function checked(name: string, words: string[], env: Streams['env']): NamedHunt {
  const { request, flags } = uploadOf(words);
  const { form, data, options } = request;
  const url = targetUrl(request.url, { env });
  planHunt(optionsOf({ ...options, url, form: form.length > 0 ? form : undefined, body: data }, flags));
  return { name, request, flags };
}

function pointing<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LeakhuntError)) throw error;
    throw new LeakhuntError(error.code, `${place}: ${error.message}`, error.exitCode, { cause: error });
  }
}

/** A path that cannot be written is left to the hunt, which says why. */
async function refuseSharedFiles(hunts: NamedHunt[]): Promise<void> {
  const owners = new Owners();
  for (const { name, flags } of hunts) {
    const { profiles } = flags;
    for (const path of Object.values(formatsIn(flags))) {
      const place =
        path === '-' ? ({ kind: 'descriptor', fd: 1 } as const) : await placeOf(path).catch(() => undefined);
      if (place) await owners.add(place, name, path);
    }
    if (profiles !== undefined) await owners.add({ kind: 'file', path: resolve(profiles) }, name, profiles);
  }
}
