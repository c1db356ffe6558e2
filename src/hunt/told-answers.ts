import type { FirstAnswer } from '../load/round.js';
import type { ScenarioRecord } from '../record/record.js';
import { redactAddress, redactUrl } from '../redact.js';
import { shortened } from './failure.js';

/** What a server said, without secrets and as short as a record can do with; `url` is where the uploads go. */
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

/** Relative to the upload's URL it may be, and its query is none of the record's business. */
function hiddenIn(location: string, url: URL): string {
  return URL.canParse(location, url.href) ? redactUrl(new URL(location, url)) : redactAddress(location);
}

/** Compressed, or no text from the start. */
function isBinary(text: string): boolean {
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
}
