/**
 * Text from a target made harmless for a terminal: control characters, escape sequences and marks that
 * turn the direction of text are left out. Source: ECMA-48; Unicode Standard Annex 9.
 */
export function plain(text: string): string {
  return text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}
