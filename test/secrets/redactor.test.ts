import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutUserInfo } from '../../src/redact.js';
import { Redactor } from '../../src/secrets/redactor.js';

const hide = (text: string, ...secrets: string[]) => new Redactor(secrets).text(text);

describe('a secret is hidden', () => {
  test.each([
    ['as it is', 'a s3cret-Value b', 'a *** b'],
    ['inside another word', 'xs3cret-Valuey', 'x***y'],
    ['at the end of a text that was cut', 'begins with s3cret-V', 'begins with ***'],
    ['where a limit cut it in quotes', 'it is "s3cret-…"', 'it is "***…"'],
    ['in base64', Buffer.from('s3cret-Value').toString('base64'), '***'],
  ])('%s: %s', (_, text, shown) => expect(hide(text, 's3cret-Value')).toBe(shown));

  test('as a server writes it: escaped for a URL, a form, JSON and HTML', () => {
    const secret = 'a "b"&<c> d/e';
    const forms = [
      encodeURIComponent(secret),
      new URLSearchParams({ a: secret }).toString(),
      JSON.stringify(secret),
      'a &quot;b&quot;&amp;&lt;c&gt; d/e',
    ];
    for (const form of forms) expect(hide(`< ${form} >`, secret)).toContain('***');
  });

  test('whatever it is, with whatever around it', () => {
    const word = fc.string({ minLength: 8, maxLength: 30, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(word, fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!'***'.includes(secret) && secret.trim().length >= 8);
        const shown = hide(`${before}${secret}${after}`, secret);
        expect(shown).not.toContain(secret);
      }),
    );
  });
});

describe('a short secret', () => {
  test('of 4 to 7 characters is hidden as a word alone', () => {
    expect(hide('pin 4f7a, 4f7a! a4f7ab', '4f7a')).toBe('pin ***, ***! a4f7ab');
  });

  test.each(['1', 'abc', '8000', '12345', '127.0.0.1', 'true', 'upload', 'Bearer'])(
    'such as %s leaves other texts as they are',
    secret => expect(hide(`it is ${secret} of ${secret}`, secret)).toBe(`it is ${secret} of ${secret}`),
  );
});

test('bytes keep their length', () => {
  const hidden = new Redactor(['s3cret-Value', 'abcd']).bytes(Buffer.from('\x0cs3cret-Value abcd'));
  expect(Buffer.from(hidden).toString()).toBe(`\x0c${'*'.repeat(12)} abcd`);
});

test.each([
  ['postgres://me:pw@db/x', 'postgres://***@db/x'],
  ['see https://token@git.test/a, or http://a/b@c', 'see https://***@git.test/a, or http://a/b@c'],
  ['redis://:p/w#1@cache:6379/0', 'redis://***@cache:6379/0'],
  ['http://localhost:8000/@scope/x', 'http://localhost:8000/@scope/x'],
  ['a://b:c@d "e://f:g@h"', 'a://***@d "e://***@h"'],
  ['mail me@example.test', 'mail me@example.test'],
])('credentials are hidden in any text: %s', (text, shown) => expect(withoutUserInfo(text)).toBe(shown));
