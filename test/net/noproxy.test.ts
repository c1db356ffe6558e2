import { expect, test } from 'vitest';
import { needsNoProxy } from '../../src/net/proxy.js';

test.each([
  ['api.test', undefined, false],
  ['api.test', '', false],
  ['api.test', '*', true],
  ['api.test', 'other.test, *', false], // a star counts alone
  ['api.test', 'api.test', true],
  ['API.test', 'api.TEST.', true],
  ['api.test.', 'api.test', true],
  ['v1.api.test', 'api.test', true],
  ['v1.api.test', '.api.test', true],
  ['api.test', '.api.test', true],
  ['xapi.test', 'api.test', false],
  ['api.test', 'other.test api.test', true],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/33', false],
  ['10.1.2.3', '2.3', false], // a domain is none of an address
  ['::1', '::1', true],
  ['::1', '[::1]', true],
  ['fe80::1', 'fe80::/10', true],
  ['2001:db8::1', 'fe80::/10', false],
])('%s beside %j: %s', (host, list, needsNone) => {
  expect(needsNoProxy(host, list)).toBe(needsNone);
});
