import { describe, expect, test } from 'vitest';
import { propertyOf } from '../../src/target/processes/jvm-properties.js';
import { parseEnvironment } from '../../src/target/processes/procfs.js';
import { tempFolderOf } from '../../src/target/processes/temp-folders.js';

describe('the environment of a process', () => {
  test('is a list of names and values', () => {
    expect(parseEnvironment('TMPDIR=/var/tmp\0A=b=c\0')).toEqual({ TMPDIR: '/var/tmp', A: 'b=c' });
  });

  test('may be empty', () => {
    expect(parseEnvironment('')).toEqual({});
  });

  test.each([
    ['zeros', '\0\0\0\0\0\0\0\0'],
    ['the end of a title', 'rocess /usr/sbin/nginx -g daemon on;\0\0\0'],
    ['the end of a title with an option', 'server --config=/etc/app\0\0'],
    ['nothing that may be read', undefined],
  ])('is not known where there is %s in its place', (_, text) => {
    expect(parseEnvironment(text)).toBeUndefined();
  });
});

describe('the temp folder of a process', () => {
  const of = (words: string, environment?: Record<string, string>, runtime?: 'java' | 'node' | 'python') =>
    tempFolderOf({ words: words.split(' '), environment, runtime });

  test('is what TMPDIR says, and /tmp where it says nothing', () => {
    expect(of('./server', { TMPDIR: '/a' })).toBe('/a');
    expect(of('./server', { TMPDIR: '', TMP: '/b' })).toBe('/tmp');
  });

  test('goes by the variables that the runtime looks at, in its order', () => {
    expect(of('node server.js', { TMP: '/b', TEMP: '/c' }, 'node')).toBe('/b');
    expect(of('python3 app.py', { TMP: '/b', TEMP: '/c' }, 'python')).toBe('/c');
  });

  test('is not known where the environment is not', () => {
    expect(of('nginx: master process', undefined)).toBeUndefined();
  });

  test('of a JVM is what its options say, the last of them, and never TMPDIR', () => {
    expect(of('java -jar a.jar', { TMPDIR: '/a' }, 'java')).toBeUndefined();
    expect(of('java -Djava.io.tmpdir=/b -jar a.jar', { TMPDIR: '/a' }, 'java')).toBe('/b');
    const options = { JAVA_TOOL_OPTIONS: '-Xmx64m -Djava.io.tmpdir="/c d"' };
    expect(of('java -jar a.jar', options, 'java')).toBe('/c d');
    expect(of('java -Djava.io.tmpdir=/b -jar a.jar', options, 'java')).toBe('/b');
    expect(of('java -Djava.io.tmpdir=/b', { _JAVA_OPTIONS: '-Djava.io.tmpdir=/e' }, 'java')).toBe('/e');
  });

  test('of a JVM that says nothing is asked for by jcmd', () => {
    const said = '4711:\n#Thu Nov 26 02:00:00 UTC 2026\njava.io.tmpdir=/srv/a\\:b\njava.version=17.0.1\n';
    expect(propertyOf(said, 'java.io.tmpdir')).toBe('/srv/a:b');
    expect(propertyOf(said, 'java.home')).toBeUndefined();
  });
});
