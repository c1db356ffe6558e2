/** How much of a record is shown. */
export interface MarkdownLimits {
  /** Rows of each table, and notes. */
  rows: number;
  scenarios: number;
  /** Characters of each text. */
  text: number;
}

export function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
