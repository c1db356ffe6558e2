import { expect, test } from 'vitest';
import { redactorOf } from '../../src/hunt/redact.js';
import { redactUrl } from '../../src/redact.js';

test('a URL is shown without credentials and without the values of its query', () => {
  expect(redactUrl(new URL('http://ann:secret@localhost:8000/a?key=abc&sig=1%2F2&key=d'))).toBe(
    'http://localhost:8000/a?key=***&sig=***',
  );
});

test('whatever a header or the URL keeps secret is hidden in any text', () => {
  const { text: redact } = redactorOf({
    url: new URL('http://ann:pa%40ss@localhost/?key=query-value'),
    headers: [
      ['Authorization', 'Bearer tok-123456'],
      ['Accept', 'text/plain'],
    ],
  });
  expect(redact('tok-123456, Bearer tok-123456, pa@ss, pa%40ss, query-value, plain')).not.toMatch(
    /tok-|pa@|pa%|query-v/,
  );
  expect(redact('text/plain')).toBe('text/plain');
  expect(redact('nothing of that kind')).toBe('nothing of that kind');
});

test('whatever the proxy and the environment of the target keep secret is hidden as well', () => {
  const place = { url: new URL('http://localhost/'), headers: [] };
  const base64 = Buffer.from('ann:pa@ss').toString('base64');
  for (const proxy of [{ proxy: 'http://ann:pa%40ss@proxy:3128' }, { proxyUser: 'ann:pa@ss' }]) {
    const { text: redact } = redactorOf({ ...place, ...proxy });
    expect(redact(`Proxy-Authorization: Basic ${base64}, pa@ss`)).toBe('Proxy-Authorization: Basic ***, ***');
  }
  const env = { API_TOKEN: 'tok-123456', PORT: '8000' };
  const start = { command: 'node app.js', ready: place.url, readyTimeout: 1, stopTimeout: 1, env };
  const { text: redact } = redactorOf({ ...place, start });
  expect(redact('tok-123456 at :8000')).toBe('*** at :8000');
});
