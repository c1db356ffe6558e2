/** Text that is HTML already. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = Markup | string | number | false | null | undefined | readonly Content[];

/**
 * HTML with its values inserted: values that are not markup are escaped, lists are joined, undefined values
 * left out.
 */
export function markup(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(strings.map((text, i) => text + (i < values.length ? textOf(values[i]) : '')).join(''));
}

function textOf(content: Content): string {
  if (content === undefined || content === null || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  return content.map(textOf).join('');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character]!);
}

/** JSON for a script element: nothing in it ends the element or a line. */
export function embedded(data: unknown): Markup {
  const json = JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Markup(json);
}

export interface Column {
  title: string;
  /** Aligned to the right. */
  number?: boolean;
}

/**
 * A table with its headings; each row's first cell is its heading. On a narrow screen, a table that `stacks`
 * puts the cells of a row below each other, and any other scrolls by itself.
 */
export function table(caption: string, columns: Column[], rows: Content[][], stacks = false): Markup {
  const right = (i: number) => columns[i]?.number && new Markup(' class="number"');
  const title = (i: number) => stacks && markup` data-title="${columns[i]?.title}"`;
  const cell = (content: Content, i: number) =>
    i === 0
      ? markup`<th scope="row"${right(i)}>${content}</th>`
      : markup`<td${right(i)}${title(i)}>${content}</td>`;
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table${stacks && new Markup(' class="stacks"')}>
<caption>${caption}</caption>
<thead><tr>${columns.map((column, i) => markup`<th scope="col"${right(i)}>${column.title}</th>`)}</tr></thead>
<tbody>
${rows.map(row => markup`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table>
</div>`;
}

/** A part of the page under its heading. */
export function section(id: string, title: string, ...contents: Content[]): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${contents}
</section>
`;
}

/** Details that can be unfolded. */
export function folded(summary: Content, ...contents: Content[]): Markup {
  return markup`<details>
<summary>${summary}</summary>
${contents}
</details>
`;
}

/** Labels and their texts; those without a text are left out. */
export function facts(rows: [label: string, text: Content][]): Markup {
  const said = rows.filter(([, text]) => text !== undefined && text !== false && text !== '');
  return markup`<dl>
${said.map(([label, text]) => markup`<div><dt>${label}</dt><dd>${text}</dd></div>\n`)}</dl>
`;
}
