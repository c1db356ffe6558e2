/**
 * Text from a target made harmless for a terminal: control characters, escape sequences and marks that
 * turn the direction of text are left out. Source: ECMA-48; Unicode Standard Annex 9.
 */
export function plain(text: string): string {
  return text
    .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g, '')
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      '',
    );
}
