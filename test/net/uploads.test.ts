import { expect, test } from 'vitest';
import type { DialOptions } from '../../src/net/dial-options.js';
import { dialOptionsTo } from '../../src/net/uploads.js';

const options: DialOptions = {
  connectTimeout: 3,
  insecure: true,
  cacert: 'ca.pem',
  cert: 'client.pem',
  key: 'client.key',
  pass: 'secret',
  proxy: 'proxy:1',
  proxyUser: 'me:secret',
  unixSocket: '/run/app.sock',
  http2: true,
};
const uploads = { url: new URL('https://api.test/upload'), options };
const to = (url: string) => dialOptionsTo(new URL(url), uploads);
const { unixSocket: _, http2: __, ...network } = options;
const { cert: _cert, key: _key, pass: _pass, ...anonymous } = network;

test('the origin of the uploads is reached as they reach it', () => {
  expect(to('https://api.test/metrics')).toBe(options);
});

test('another port of their host is reached without their socket and protocol', () => {
  expect(to('http://API.test:6060/')).toEqual(network);
});

test('another host is not shown who they are from', () => {
  expect(to('https://other.test/')).toEqual(anonymous);
});

test('this machine is reached directly', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', '[::1]', 'localhost', 'app.localhost']) {
    expect(to(`http://${host}:6060/`)).toEqual({ ...anonymous, noproxy: '*' });
  }
  expect(to('http://127.0.0.1.test/')).toEqual(anonymous);
});

test('uploads to this machine through a proxy are followed by what is read beside them', () => {
  const near = {
    url: new URL('http://localhost:8000/'),
    options: { connectTimeout: 1, insecure: false, proxy: 'p' },
  };
  expect(dialOptionsTo(new URL('http://localhost:6060/'), near)).toEqual(near.options);
});

test('what is asked for twice is made once: certificates are kept by it', () => {
  expect(to('https://other.test/a')).toBe(to('https://another.test/b'));
});
