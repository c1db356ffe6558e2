import { expect, test } from 'vitest';
import { CookieJar } from '../../src/load/http/cookies.js';

/** What is sent to `to` after `from` set these cookies. */
function sent(fields: string[], from: string, to: string): string | undefined {
  const jar = new CookieJar();
  jar.take(fields, new URL(from));
  return jar.headerTo(new URL(to));
}

test.each([
  ['a=1', 'http://h/x/y', 'http://h/x/z', 'a=1'],
  ['a=1', 'http://h/x/y', 'http://h/', undefined],
  ['a=1; Path=/', 'http://h/x/y', 'http://h/', 'a=1'],
  ['a=1; Path=/x', 'http://h/', 'http://h/xy', undefined],
  ['a=1', 'http://h/', 'http://h:81/', 'a=1'],
  ['a=1', 'http://h/', 'http://other/', undefined],
  ['a=1; Domain=h.test', 'http://www.h.test/', 'http://api.h.test/', 'a=1'],
  ['a=1; Domain=.h.test', 'http://www.h.test/', 'http://h.test/', 'a=1'],
  ['a=1', 'http://h.test/', 'http://www.h.test/', undefined],
  ['a=1; Domain=other.test', 'http://h.test/', 'http://other.test/', undefined],
  ['a=1; Domain=test', 'http://h.test/', 'http://h.test/', undefined],
  ['a=1; Domain=0.0.1', 'http://127.0.0.1/', 'http://127.0.0.1/', undefined],
  ['a=1; Secure', 'https://h/', 'http://h/', undefined],
  ['a=1; Secure', 'https://h/', 'https://h/', 'a=1'],
  ['a=1; Max-Age=0', 'http://h/', 'http://h/', undefined],
  ['a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'http://h/', 'http://h/', 'a=1'],
  ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'http://h/', 'http://h/', undefined],
  ['nonsense', 'http://h/', 'http://h/', undefined],
])('%s of %s: to %s goes %s', (field, from, to, expected) => {
  expect(sent([field], from, to)).toBe(expected);
});

test('a cookie replaces the one of its name, and longer paths go first', () => {
  expect(sent(['a=1; Path=/', 'a=2; Path=/', 'b=3; Path=/x'], 'http://h/', 'http://h/x')).toBe('b=3; a=2');
});
