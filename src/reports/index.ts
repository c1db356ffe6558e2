import type { Hunt } from '../hunt/record.js';
import { json } from './json.js';

/** Every format that a record can be written in, by the flag that asks for it. */
export const formats = { json } satisfies Record<string, (hunt: Hunt) => string>;

export type FormatName = keyof typeof formats;
