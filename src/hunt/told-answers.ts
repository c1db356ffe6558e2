import type { FirstAnswer } from '../load/round.js';
import type { ScenarioRecord } from '../record/record.js';
import { redactAddress, redactUrl } from '../redact.js';
import { shortened } from './failure.js';

/** A server's response, without secrets and as short as a record needs; `url` is where the uploads go. */
export function withoutSecrets(
  load: ScenarioRecord['load'],
  url: URL,
  redact: (text: string) => string,
): ScenarioRecord['load'] {
  const { firstAnswer, firstFailure } = load;
  return {
    ...load,
    firstAnswer: firstAnswer && told(firstAnswer, url, redact),
    firstFailure: firstFailure && told(firstFailure, url, redact),
  };
}

function told<Said extends Pick<FirstAnswer, 'location' | 'text'> & { reason?: string }>(
  said: Said,
  url: URL,
  redact: (text: string) => string,
): Said {
  const { location, text, reason } = said;
  return {
    ...said,
    ...(reason === undefined ? {} : { reason: redact(reason) }),
    location: location === undefined ? undefined : shortened(redact(hiddenIn(location, url))),
    text: text === undefined || isBinary(text) ? undefined : shortened(redact(text)),
  };
}

/** The location may be relative to the upload's URL; its query is left out of the record. */
function hiddenIn(location: string, url: URL): string {
  return URL.canParse(location, url.href) ? redactUrl(new URL(location, url)) : redactAddress(location);
}

/** The body is compressed, or was never text. */
function isBinary(text: string): boolean {
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
}
