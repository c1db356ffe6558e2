import stringWidth from 'string-width';

const characters = new Intl.Segmenter();

/**
 * No real character or emoji has more UTF-16 units. A longer one is measured only in part, because that takes
 * long.
 */
const longestCharacter = 16;

/** No screen is wider. */
const mostColumns = 500;

/** How many columns of the screen a text takes; escape sequences take none. */
export function columnsOf(text: string): number {
  return stringWidth(text.slice(0, mostColumns * longestCharacter));
}

/** A text padded with blanks to a number of columns. */
export function padEnd(text: string, columns: number): string {
  return text + blanks(text, columns);
}

/** The same with the blanks in front. */
export function padStart(text: string, columns: number): string {
  return blanks(text, columns) + text;
}

/** As many whole characters of a line without escape sequences as fit into a number of columns. */
export function cut(line: string, columns: number): string {
  let width = 0;
  const most = line.slice(0, columns * longestCharacter);
  for (const { segment, index } of characters.segment(most)) {
    width += stringWidth(segment);
    if (width > columns) return most.slice(0, index);
  }
  return most;
}

function blanks(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(text)));
}
