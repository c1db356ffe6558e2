import type { Hunt } from '../record/record.js';
import { adviceForStatus } from './answer-advice.js';
import type { Experiment } from './measured.js';

/** Why a scenario could not be measured; undefined if it was. */
export function errorOf(
  { end, error }: Experiment,
  load: Hunt['load'],
  exitReport?: string,
): { code: string; message: string } | undefined {
  const isNew = exitReport && !error?.message.includes(exitReport);
  const told = isNew ? ` The target: ${exitReport}` : '';
  if (error) return { code: error.code, message: `${error.message}${told}` };
  if (end !== 'too-many-failed') return undefined;
  return {
    code: 'TOO_MANY_FAILED',
    message: `${load.failed} of ${load.sent} uploads failed; the first ones ${becauseOf(load)}. ${told ? told.trim() : adviceFor(load)}`,
  };
}

/** Failures that did not end the hunt, and what the server answered to the first one. */
export function failureNotes(load: Hunt['load']): string[] {
  const { status, location, text = '' } = load.firstFailure ?? {};
  if (status === undefined || load.failed === 0) return [];
  const advice = full.test(text) ? fullDisk : adviceForStatus(status, location);
  const note = `${load.failed} of ${load.sent} uploads failed; the first ones ${becauseOf(load)}.`;
  return [advice === undefined ? note : `${note} ${advice}`];
}

/** ENOSPC as strerror(3) words it, and its code. */
const full = /\bENOSPC\b|no space left on device/i;
const fullDisk =
  'Its disk is full: free some space or have it write elsewhere (TMPDIR); if the hunt itself fills the disk, lower --max-disk or --size.';

function becauseOf({ firstFailure }: Hunt['load']): string {
  const { status, error, text, reason, location } = firstFailure ?? { text: '' };
  if (status === undefined) return `got no response (${error}: ${text})`;
  if (reason !== undefined) return `were ${reason}: ${status} (${quoted(text)})`;
  const to = location === undefined ? '' : ` to ${location}`;
  return `were answered ${status}${to} (${quoted(text)})`;
}

function adviceFor({ firstFailure, completed }: Hunt['load']): string {
  const { status, error, reason, location, text = '' } = firstFailure ?? {};
  if (error === 'ECONNRESET' && completed > 0) {
    return "If the server closes connections after each response, add -H 'Connection: close'; otherwise allow more failures with --max-failed.";
  }
  if (reason !== undefined)
    return 'Make the upload work with curl first, or correct --expect or --expect-status.';
  if (full.test(text)) return fullDisk;
  const advice = status === undefined ? undefined : adviceForStatus(status, location);
  return advice ?? 'Make the upload work with curl first, or allow more failures with --max-failed.';
}

const longestLine = 200;

/** Cut only after secrets are hidden: half of a secret would not be recognised. */
export function shortened(text: string): string {
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
}

function quoted(text: string): string {
  return text === '' ? 'with an empty body' : `"${text}"`;
}
