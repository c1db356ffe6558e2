/** A text without a character repeated at its end. `/c+$/` would try each run of it from every position. */
export function trimmedEnd(text: string, char: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === char) end -= 1;
  return text.slice(0, end);
}

/** The text before the first occurrence of a mark; the whole text if there is none. */
export function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}

/** Several lines as one: each line end and the blanks around it become one blank. */
export function inOneLine(text: string): string {
  const lines = text.split('\n');
  return lines
    .map((line, i) => (i === 0 ? line : line.trimStart()))
    .map((line, i) => (i === lines.length - 1 ? line : line.trimEnd()))
    .filter((line, i) => line !== '' || i === 0)
    .join(' ');
}
