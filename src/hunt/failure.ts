import type { Experiment } from './experiment.js';
import type { Hunt } from './record.js';

/** Why a scenario could not be measured; undefined where it could. */
export function errorOf(
  { end, error }: Experiment,
  load: Hunt['load'],
  obituary?: string,
): { code: string; message: string } | undefined {
  if (error)
    return {
      code: error.code,
      message: obituary ? `${error.message} The target: ${obituary}` : error.message,
    };
  if (end !== 'too-many-failed') return undefined;
  const { status, error: code, text } = load.firstFailure ?? { text: '' };
  const answer =
    status === undefined
      ? `were not answered (${code}: ${text})`
      : `were answered ${status} (${quoted(text)})`;
  return {
    code: 'TOO_MANY_FAILED',
    message:
      `${load.failed} of ${load.sent} uploads failed; the first ones ${answer}. ` +
      (code === 'ECONNRESET' && load.completed > 0
        ? "Where the server closes its connections after an answer, add -H 'Connection: close'; else allow more by --max-failed."
        : 'Make the upload work with curl first, or allow more by --max-failed.'),
  };
}

const longestLine = 200;

/** Cut only once secrets are hidden: of a secret cut in two nothing would be recognised. */
export function shortened(text: string): string {
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
}

function quoted(text: string): string {
  return text === '' ? 'with an empty body' : `"${text}"`;
}
