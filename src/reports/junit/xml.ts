import { plain } from '../text/plain.js';

/** Every character that XML 1.0 does not allow (section 2.2), including lone halves of surrogate pairs. */
const notCharacters = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text between tags. */
export function xmlText(text: string): string {
  return plain(text)
    .replace(notCharacters, '\ufffd')
    .replace(/[&<>]/g, character => entities[character]!);
}

/**
 * ` name="value"` for each; undefined values are left out. Line ends survive in a value only as references.
 */
export function xmlAttributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .filter((each): each is [string, string | number] => each[1] !== undefined)
    .map(([name, value]) => ` ${name}="${xmlValue(String(value))}"`)
    .join('');
}

function xmlValue(text: string): string {
  return plain(text)
    .replace(notCharacters, '\ufffd')
    .replace(/[&<>"\n\r\t]/g, character => entities[character]!);
}
