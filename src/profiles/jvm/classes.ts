/** The letters of the Java Virtual Machine Specification, section 4.3.2, that stand for primitive types. */
const primitives: Record<string, string> = {
  B: 'byte',
  C: 'char',
  D: 'double',
  F: 'float',
  I: 'int',
  J: 'long',
  S: 'short',
  Z: 'boolean',
};

/** `[B` as `byte[]`, `[[Ljava.lang.String;` as `java.lang.String[][]`. */
export function classInWords(name: string): string {
  let brackets = 0;
  while (name[brackets] === '[') brackets += 1;
  if (brackets === 0) return name;
  const element = name.slice(brackets);
  const plain = element.startsWith('L') ? element.slice(1).replace(/;$/, '') : primitives[element];
  return `${plain ?? element}${'[]'.repeat(brackets)}`;
}

/** Without its package: `HashMap$Node` of `java.util.HashMap$Node`. */
export function shortClass(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** A lambda's class is numbered anew in each run and form: `Bus$$Lambda` of `Bus$$Lambda$5+0x00007f612c000a08/2504`. */
export function withoutNumber(name: string): string {
  const at = name.indexOf('$$Lambda');
  return at < 0 ? name : name.slice(0, at + '$$Lambda'.length);
}
