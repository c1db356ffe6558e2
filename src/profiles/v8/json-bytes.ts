/** The bytes that give JSON (RFC 8259) its structure. */
export const quote = 0x22;
export const comma = 0x2c;
export const minus = 0x2d;
export const colon = 0x3a;
export const backslash = 0x5c;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const zero = 0x30;
export const nine = 0x39;

const space = 0x20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;

export const isSpace = (byte: number) =>
  byte === space || byte === lineFeed || byte === carriageReturn || byte === tab;
