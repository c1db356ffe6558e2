import { usageError } from '../../errors.js';
import { readFlags } from './flags.js';
import { type CurlRequest, requestOf } from './request.js';
import { splitWords } from './words.js';

/**
 * The request of a whole curl command: its words, or the command in one word as a browser copies it ("Copy as
 * cURL (bash)") or a shell's history keeps it. Pure; throws a usage error for a command that cannot be read
 * or repeated.
 */
export function curlRequestOf(words: readonly string[]): CurlRequest {
  const split = words.length === 1 && /\s/.test(words[0]!) ? splitCommand(words[0]!) : [...words];
  if (split[0] === '$') split.shift(); // a prompt that was copied along
  if (/^(?:.*[/\\])?curl(?:\.exe)?$/i.test(split[0] ?? '')) split.shift();
  const said = readFlags(split);
  const request = requestOf(said);
  if (request.url === undefined) {
    throw usageError('BAD_URL', 'The curl command has no URL: add the URL to upload to.');
  }
  return request;
}

/** Whether it uploads anything or only makes requests. */
export function hasBody({ form, data }: CurlRequest): boolean {
  return form.length > 0 || data !== undefined;
}

/** One line about the options that change nothing; undefined without any. */
export function withoutEffectNote({ withoutEffect }: CurlRequest): string | undefined {
  if (withoutEffect.length === 0) return undefined;
  const names = withoutEffect.join(', ');
  return `leakhunt: ignored, because it has no effect on uploads: ${names}`;
}

function splitCommand(command: string): string[] {
  if (/^\s*curl(?:\.exe)?\s.*\^(?:"|\r?\n)/is.test(command)) {
    throw usageError('BAD_CURL', 'The command is quoted for cmd.exe: copy it again as "cURL (bash)".');
  }
  if (/^\s*(?:\$session\b|Invoke-(?:WebRequest|RestMethod)\b)/i.test(command)) {
    throw usageError('BAD_CURL', 'The command is for PowerShell: copy it again as "cURL (bash)".');
  }
  return splitWords(command);
}
