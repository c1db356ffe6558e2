import { describe, expect, test } from 'vitest';
import { parseForm } from '../../src/load/body/form.js';

const form = (...values: string[]) => parseForm(values.map(value => ({ value })));
const file = (path: string, filename: string, more = {}) => ({
  name: 'file',
  content: { path },
  filename,
  ...more,
});

describe('-F is read as curl reads it', () => {
  test('a plain field ends at its first equals sign only', () =>
    expect(form('a=b=c')).toEqual([{ name: 'a', content: { text: 'b=c' } }]));
  test('a file, under the last part of its path', () =>
    expect(form('file=@./x/foo.txt')).toEqual([file('./x/foo.txt', 'foo.txt')]));
  test('a quoted path with a comma, a semicolon and an escaped quote', () =>
    expect(form('file=@"./a,b;c\\".txt"')).toEqual([file('./a,b;c".txt', 'a,b;c".txt')]));
  test('a quote that is never closed stands for itself', () =>
    expect(form('a="b\\"')).toEqual([{ name: 'a', content: { text: '"b\\"' } }]));
  test(';type=, ;filename= and ;encoder= in any order', () =>
    expect(form('file=@a.bin;filename="b c.pdf";encoder=base64;type=application/pdf')).toEqual([
      file('a.bin', 'b c.pdf', { encoder: 'base64', type: 'application/pdf' }),
    ]));
  test('a type keeps its parameters', () =>
    expect(form('a=b;type=text/plain; charset=utf-8; x=y;filename=c')).toEqual([
      { name: 'a', content: { text: 'b' }, type: 'text/plain; charset=utf-8; x=y', filename: 'c' },
    ]));
  test('headers of a part, said or in a file', () =>
    expect(form('a=b;headers="X: a; b";headers=@more.txt')).toEqual([
      { name: 'a', content: { text: 'b' }, headers: ['X: a; b', { path: 'more.txt' }] },
    ]));
  test('several files under one name are a multipart of their own', () =>
    expect(form('file=@a.txt,b.png;type=image/x-other')).toEqual([
      {
        name: 'file',
        content: {
          parts: [
            { content: { path: 'a.txt' }, filename: 'a.txt' },
            { content: { path: 'b.png' }, filename: 'b.png', type: 'image/x-other' },
          ],
        },
      },
    ]));
  test('what stands between ( and =) is a multipart of its own', () =>
    expect(form('a=(;type=multipart/alternative', '=plain', 'b=(', '=x', '=)', '=)', 'c=d')).toEqual([
      {
        name: 'a',
        type: 'multipart/alternative',
        content: {
          parts: [
            { content: { text: 'plain' } },
            { name: 'b', content: { parts: [{ content: { text: 'x' } }] } },
          ],
        },
      },
      { name: 'c', content: { text: 'd' } },
    ]));
  test('< is the content of a file as a plain field', () =>
    expect(form('a=<note.txt')).toEqual([{ name: 'a', content: { path: 'note.txt' } }]));
  test('- is standard input', () =>
    expect(form('a=@-', 'b=<-')).toEqual([
      { name: 'a', content: { stdin: true }, filename: '-' },
      { name: 'b', content: { stdin: true } },
    ]));
  test('--form-string takes everything as it stands, in its place among the others', () =>
    expect(parseForm([{ value: 'x=1' }, { value: 'a=@b;type=c', literal: true }])).toEqual([
      { name: 'x', content: { text: '1' } },
      { name: 'a', content: { text: '@b;type=c' } },
    ]));
});

describe('a form that cannot be read is named', () => {
  test.each(['foo.txt', ''])('%j has no name', value =>
    expect(() => form(value)).toThrow(`-F "${value}" has no name`),
  );
  test.each([
    ['file=@', 'has no file name after "@"'],
    ['file=<', 'has no file name after "<"'],
    ['file=@a;encoder=rot13', 'encoder=rot13", which is not an encoder: use one of binary'],
    ['file=@a;bogus=1', ';bogus'],
    ['a=one; two', 'put a value that contains a semicolon in double quotes'],
    ['a=<b;filename=c', ';filename'],
    ['a=b;type=plain', 'which is not a content type'],
    ['a=b;type=a/b\r\nX: y', 'control character in its type'],
    ['a=b;headers="X: y\r\nZ: z"', 'control character in its headers'],
    ['=)', 'ends a multipart that was never started'],
  ])('%j is refused: %s', (value, words) => expect(() => form(value)).toThrow(words));
  test('a value that was read is not shown: it may be a secret', () => {
    try {
      form('password=hunter2;bogus=1');
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toContain('-F "password=…"');
      expect(String(error)).not.toContain('hunter2');
    }
  });
});
