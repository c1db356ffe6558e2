import { describe, expect, test } from 'vitest';
import { curlRequestOf, withoutEffectNote } from '../../src/commands/curl/line.js';

const multipart =
  '------WebKitFormBoundaryA\\r\\nContent-Disposition: form-data; name="file"; filename="it\\\'s.txt"\\r\\n\\r\\nhi\\u0021\\r\\n------WebKitFormBoundaryA--\\r\\n';
const chrome = `curl 'http://localhost:8000/upload?a=1&b=2' \\
  -H 'accept: */*' \\
  -H 'content-type: multipart/form-data; boundary=----WebKitFormBoundaryA' \\
  -b 'sid=abc; theme=dark' \\
  --data-raw $'${multipart}' \\
  --insecure`;

describe('a whole curl command is read', () => {
  test('as Chrome copies it', () => {
    const request = curlRequestOf([chrome]);
    expect(request.url).toBe('http://localhost:8000/upload?a=1&b=2');
    expect(request.headers).toContainEqual({
      name: 'content-type',
      value: 'multipart/form-data; boundary=----WebKitFormBoundaryA',
    });
    expect(request.implied).toEqual([['Cookie', 'sid=abc; theme=dark']]);
    expect(request.options.insecure).toBe(true);
    const [part] = request.data!.parts;
    expect(part!.content).toEqual({
      text: multipart.replaceAll('\\r\\n', '\r\n').replace("\\'", "'").replace('\\u0021', '!'),
    });
  });

  const plain = curlRequestOf(['-d', 'x', 'http://h/']);
  test.each([
    [['curl', '-d', 'x', 'http://h/']],
    [['/usr/bin/curl', '-d', 'x', 'http://h/']],
    [['curl.exe', 'http://h/', '-dx']],
    [['curl -d x http://h/']],
    [['-d x http://h/']],
    [['$ curl -d x \\\n  "http://h/"\n']],
    [['curl -d x --url http://h/']],
  ])('with its first word or without, in one word or several: %j', words =>
    expect(curlRequestOf(words)).toEqual(plain),
  );

  test('and what changes nothing is named in one line', () => {
    const request = curlRequestOf(['-sS', '-v', '-o', 'out', '-d', 'x', 'http://h/', '-s']);
    expect(withoutEffectNote(request)).toBe(
      'leakhunt: ignored, because it has no effect on uploads: -s, -S, -v, -o',
    );
    expect(withoutEffectNote(plain)).toBeUndefined();
  });
});

describe('a command that cannot be repeated is refused', () => {
  test.each([
    [['curl', '-d', 'x'], 'has no URL'],
    [['-d', 'x', 'http://name:secret@a/', 'http://b/?token=secret'], 'are two URLs'],
    [['-d', 'x', 'http://h/{a,b}'], 'stands for several URLs'],
    [['-d', 'x', 'http://h/[1-9]?key=secret'], 'stands for several URLs'],
    [['-d', 'secret', '-F', 'a=b', 'http://h/'], '-F and -d each send a body'],
    [['-T', 'a', '--json', 'secret', 'http://h/'], '--json and -T each send a body'],
    [['-T', 'a', '-T', 'b', 'http://h/'], '-T is given twice'],
    [['-T', '{a,b}', 'http://h/'], 'stands for several files'],
    [['-T', '', 'http://h/'], '-T has no file name'],
    [['-d', '@', 'http://h/'], 'has no file name after "@"'],
    [['--cert-type', 'P12', '-d', 'x', 'http://h/'], '--cert-type "P12" is not supported'],
    [['-m', '1,5', '-d', 'x', 'http://h/'], '-m "1,5" is not a number of seconds'],
    [['-H', 'Authorization Bearer secret', '-d', 'x', 'http://h/'], '-H "Authorization" is not a header'],
    [['-H', 'Host:', '-d', 'x', 'http://h/'], 'removes a header that every upload needs'],
    [['curl ^"http://h/^" ^\n -d x'], 'quoted for cmd.exe'],
    [['Invoke-WebRequest -Uri "http://h/"'], 'for PowerShell'],
  ])('%j is refused: %s', (words, message) => {
    expect(() => curlRequestOf(words)).toThrow(message);
    expect(() => curlRequestOf(words)).not.toThrow('secret');
  });
});

describe('the URL', () => {
  const urlOf = (...words: string[]) => curlRequestOf(['-d', 'x', ...words]).url;
  test('keeps its brackets with -g', () => expect(urlOf('-g', 'http://h/{a}[1]')).toBe('http://h/{a}[1]'));
  test('may have escaped ones', () => expect(urlOf('http://h/\\{a\\}\\[1\\]')).toBe('http://h/{a}[1]'));
  test('may be an IPv6 address', () => expect(urlOf('http://u:p@[::1]:80/a')).toBe('http://u:p@[::1]:80/a'));
});

describe('options that go straight to the hunt', () => {
  const optionsOf = (...words: string[]) => curlRequestOf([...words, '-d', 'x', 'http://h/']).options;
  test.each([
    [
      ['-E', 'a\\:b.pem:pass:word', '--key', 'k', '--cacert', 'c'],
      { cert: 'a:b.pem', pass: 'pass:word', key: 'k', cacert: 'c' },
    ],
    [['--cert', 'a.pem:one', '--pass', 'two'], { cert: 'a.pem', pass: 'two' }],
    [['-x', 'p:1', '-U', 'a:b', '--unix-socket', '/s'], { proxy: 'p:1', proxyUser: 'a:b', unixSocket: '/s' }],
    [['-x', 'p:1', '--noproxy', '*'], { proxy: 'p:1', noproxy: '*' }],
    [['--http2'], { http2: true }],
    [['--http2-prior-knowledge'], { http2: true }],
    [['--http2', '--http1.1'], { http2: false }],
    [
      ['-L', '-k', '-m', '1.5', '--connect-timeout', '2'],
      { location: true, insecure: true, maxTime: 1.5, connectTimeout: 2 },
    ],
    [['-m', '0'], { maxTime: undefined }],
    [['-L', '--no-location'], { location: false }],
    [['-X', 'PUT', '-X', 'PATCH'], { method: 'PATCH' }],
    [['-b', ''], { cookieEngine: true }],
    [['-b', 'a=b'], { cookieEngine: false }],
    [['-c', 'jar'], { cookieEngine: true }],
  ])('%j means %j', (words, options) => expect(optionsOf(...words)).toMatchObject(options));
});
