import type { Hunt } from '../../record/record.js';
import { generous, halved } from './limits.js';
import { pageOf } from './page.js';

/** Bytes; a page should open at once and go through any mail. */
const largest = 480_000;

/** One page with everything in it: it loads nothing. Where a record is huge, less of it is shown, and how much less. */
export function html(hunt: Hunt): string {
  let limits = generous;
  for (;;) {
    const page = pageOf(hunt, limits);
    const less = halved(limits);
    if (!less || Buffer.byteLength(page) <= largest) return page;
    limits = less;
  }
}
