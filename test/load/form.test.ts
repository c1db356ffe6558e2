import { describe, expect, test } from 'vitest';
import { parseForm, parseFormString } from '../../src/load/form.js';

const file = (path: string, filename: string, type: string, name = 'file') => ({
  name,
  content: { path },
  filename,
  type,
});

describe('-F is read as curl reads it', () => {
  test('a plain field', () => expect(parseForm('a=b=c')).toEqual([{ name: 'a', content: { text: 'b=c' } }]));
  test('a file, typed by its ending', () =>
    expect(parseForm('file=@./x/foo.txt')).toEqual([file('./x/foo.txt', 'foo.txt', 'text/plain')]));
  test('a file of an unknown ending is an octet stream', () =>
    expect(parseForm('file=@foo.xyz')).toEqual([file('foo.xyz', 'foo.xyz', 'application/octet-stream')]));
  test('a quoted path with a comma, a semicolon and an escaped quote', () =>
    expect(parseForm('file=@"./a,b;c\\".txt"')).toEqual([file('./a,b;c".txt', 'a,b;c".txt', 'text/plain')]));
  test(';type= and ;filename= in any order', () =>
    expect(parseForm('file=@a.bin;filename="b c.pdf";type=application/pdf')).toEqual([
      file('a.bin', 'b c.pdf', 'application/pdf'),
    ]));
  test('several files under one name', () =>
    expect(parseForm('file=@a.txt,b.png;type=image/x-other')).toEqual([
      file('a.txt', 'a.txt', 'text/plain'),
      file('b.png', 'b.png', 'image/x-other'),
    ]));
  test('< is the content of a file as a plain field', () =>
    expect(parseForm('a=<note.txt')).toEqual([{ name: 'a', content: { path: 'note.txt' } }]));
  test('--form-string takes everything as it stands', () =>
    expect(parseFormString('a=@b;type=c')).toEqual({ name: 'a', content: { text: '@b;type=c' } }));
});

describe('a form that cannot be read is named', () => {
  test.each(['foo.txt', '=x', ''])('%j has no name', value =>
    expect(() => parseForm(value)).toThrow(`-F "${value}" has no name`),
  );
  test('no path after @', () => expect(() => parseForm('file=@')).toThrow('names no file after "@"'));
  test('an option that curl knows and leakhunt does not', () =>
    expect(() => parseForm('file=@a;encoder=base64')).toThrow(';encoder'));
});
