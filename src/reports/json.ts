import type { Hunt } from '../record/record.js';

/** The whole record. */
export function json(hunt: Hunt): string {
  return `${JSON.stringify(hunt, null, 2)}\n`;
}
