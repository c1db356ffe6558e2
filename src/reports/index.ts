import type { Hunt } from '../record/record.js';
import { csv } from './csv.js';
import { html } from './html/page.js';
import { json } from './json.js';
import { junit } from './junit/junit.js';
import { markdown } from './markdown/markdown.js';
import type { ReportOptions } from './options.js';
import { prometheus } from './prometheus/prometheus.js';

/** Every format that a record can be written in, by the flag that asks for it. */
export const formats = { json, html, markdown, junit, prometheus, csv } satisfies Record<
  string,
  (hunt: Hunt, options: ReportOptions) => string
>;

export type FormatName = keyof typeof formats;
