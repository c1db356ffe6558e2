import { describe, expect, test } from 'vitest';
import { type DialOptions, dialOptionsIn, plainly } from '../../src/net/dial-options.js';
import { connectionIn } from '../../src/net/environment.js';
import { requestTarget, routeOf } from '../../src/net/route.js';

const url = new URL('http://api.test/upload?x=1');
const by = (options: Partial<DialOptions>, to = url) => routeOf(to, { ...plainly, ...options });

describe('a connection leads', () => {
  test.each([
    [{}, { host: 'api.test', port: 80 }],
    [{ unixSocket: '/run/app.sock', proxy: 'p:1' }, { path: '/run/app.sock' }],
    [{ resolve: ['api.test:80:10.0.0.1'] }, { host: 'api.test', port: 80, addresses: ['10.0.0.1'] }],
    [{ resolve: ['API.TEST:80:[::1],10.0.0.1'] }, { addresses: ['::1', '10.0.0.1'] }],
    [{ resolve: ['api.test:80:10.0.0.1', '-api.test:80'] }, { host: 'api.test', port: 80 }],
    [{ resolve: ['api.test:80:10.0.0.1', '*:80:10.0.0.2'] }, { addresses: ['10.0.0.1'] }],
    [{ resolve: ['api.test:80:10.0.0.1,::1'], ipFamily: 6 as const }, { addresses: ['::1'] }],
    [{ connectTo: ['api.test:80:[::1]:8080'] }, { host: '::1', port: 8080 }],
    [{ connectTo: ['::app.test:'] }, { host: 'app.test', port: 80 }],
    [{ connectTo: ['x:80:y:1', ':80::81', '::z:'] }, { host: 'api.test', port: 81 }],
    [{ proxy: 'p.test' }, { host: 'p.test', port: 1080, tunnelled: false }],
    [{ proxy: 'p.test:80' }, { host: 'p.test', port: 80 }],
    [
      { proxy: 'p:1', noproxy: 'test' },
      { host: 'api.test', port: 80 },
    ],
    [
      { proxy: '', proxies: { http: 'p:1' } },
      { host: 'api.test', port: 80 },
    ],
    [{ proxies: { http: 'p:1', https: 'p:2' } }, { host: 'p', port: 1 }],
    [
      { proxy: 'p:1', proxyTunnel: true },
      { tunnelled: true, beyond: { host: 'api.test', port: 80 } },
    ],
    [
      { proxy: 'p:1', connectTo: ['::b:2'] },
      { tunnelled: true, beyond: { host: 'b', port: 2 } },
    ],
  ])('by %j to %j', (options, route) => {
    expect(by(options)).toMatchObject(route);
  });

  test.each([
    [{ resolve: ['api.test'] }, '--resolve "api.test" is not of the form HOST:PORT:ADDRESS'],
    [{ resolve: ['api.test:80:b.test'] }, '--resolve "api.test:80:b.test" is not of the form'],
    [{ connectTo: ['api.test:80'] }, '--connect-to "api.test:80" is not of the form HOST1:PORT1:HOST2:PORT2'],
    [{ proxy: 'ftp://p' }, '-x "ftp://p" is not an HTTP proxy'],
  ])('nowhere by %j', (options, message) => {
    expect(() => by(options)).toThrow(message);
  });
});

test('only a proxy that reads the request is told the whole URL and its credentials', () => {
  const target = (options: Partial<DialOptions>, to = url) => requestTarget(to, { ...plainly, ...options });
  expect(target({})).toEqual({ target: '/upload?x=1' });
  expect(target({ proxy: 'me:secret@p:1' })).toEqual({
    target: 'http://api.test/upload?x=1',
    authorization: `Basic ${Buffer.from('me:secret').toString('base64')}`,
  });
  expect(target({ proxy: 'me:secret@p:1', proxyTunnel: true })).toEqual({ target: '/upload?x=1' });
  expect(target({ proxy: 'me:secret@p:1' }, new URL('https://api.test/'))).toEqual({ target: '/' });
});

test('the environment names proxies as curl reads it, and what is said goes before', () => {
  const env = { http_proxy: 'a', HTTPS_PROXY: 'b', no_proxy: 'c' };
  expect(connectionIn({}, env)).toEqual({ proxies: { http: 'a', https: 'b' }, noproxy: 'c' });
  expect(connectionIn({}, { HTTP_PROXY: 'a' })).toEqual({ noproxy: undefined });
  expect(connectionIn({}, { all_proxy: 'a', https_proxy: '' }).proxies).toEqual({ http: 'a', https: 'a' });
  expect(connectionIn({ noproxy: '' }, env).noproxy).toBe('');
});

test('of other options, those of a connection are handed on', () => {
  const given = { ...plainly, ipFamily: 4 as const, method: 'PUT', url };
  expect(dialOptionsIn(given)).toEqual({ ...plainly, ipFamily: 4 });
});
