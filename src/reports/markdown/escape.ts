import { plain } from '../text/plain.js';

/** Invisibly breaks up what GitHub would turn into a link or a notification. */
const nothing = '&#8203;';

/**
 * Text as one line of Markdown that GitHub shows literally: no markup, no HTML, no end of a table cell, no
 * mentions, no links. Source: GitHub Flavored Markdown, sections 2.4 and 6.
 */
export function prose(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>|~^$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replace(/#(?=\d)|\bGH-(?=\d)/gi, found => `${found}${nothing}`)
    .replace(/^(?=[-+=#])|^(\d+)(?=[.)]\s)/, `$1${nothing}`)
    .replaceAll('@', `@${nothing}`)
    .replaceAll('://', `:${nothing}//`)
    .replace(/\b(www|xmpp|mailto)(?=[.:])/gi, `$1${nothing}`);
}

/** Text as code, in which nothing has a meaning, even in a cell of a table (GFM, example 200). */
export function code(text: string): string {
  const line = oneLine(text).replaceAll('|', '\\|');
  if (line === '') return '';
  const fence = '`'.repeat(1 + Math.max(0, ...(line.match(/`+/g) ?? []).map(run => run.length)));
  const padding = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Code on lines of its own. */
export function codeBlock(text: string): string {
  const fence = '`'.repeat(1 + Math.max(2, ...(text.match(/`+/g) ?? []).map(run => run.length)));
  return `${fence}text\n${harmless(text).trimEnd()}\n${fence}`;
}

function oneLine(text: string): string {
  return harmless(text).replace(/\s+/g, ' ').trim();
}

/** Lone halves of surrogate pairs are not valid UTF-8. */
function harmless(text: string): string {
  return plain(text).replace(/\p{Surrogate}/gu, '\ufffd');
}

/** A table; a column whose title ends in a colon is aligned to the right. */
export function markdownTable(titles: string[], rows: string[][]): string {
  const head = titles.map(title => title.replace(/:$/, ''));
  const rule = titles.map(title => (title.endsWith(':') ? '---:' : '---'));
  return [head, rule, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
