import { describe, expect, test } from 'vitest';
import { redactCommand, redactWords, secretsIn } from '../../src/secrets/command.js';

describe('a command is shown', () => {
  test.each([
    ['node server.js --port 8000', 'node server.js --port 8000'],
    ['node src/главная.js', 'node src/главная.js'],
    ['node 工作🚀.mjs', 'node 工作🚀.mjs'],
    ['npm run start:prod', 'npm run start:prod'],
    ['python -m http.server 8000', 'python -m http.server 8000'],
    [
      'java -Xmx512m -jar build/app.jar --server.port=8080',
      'java -Xmx512m -jar build/app.jar --server.port=8080',
    ],
    ['docker compose up -d && cd ./web', 'docker compose up -d && cd ./web'],
    ['uvicorn app:app --host 0.0.0.0 --reload', 'uvicorn app:app --host 0.0.0.0 --reload'],
    ['DB=abc node app.js --token abc -pSecret1 X9secret', 'DB=*** node app.js --token *** -p*** ***'],
    ['app --password hunter.js', 'app --password ***'],
    ['app "two words" \'an Other\'', 'app *** ***'],
    [`sh -c 'A=b node app.js --pw x1y2'`, `sh -c 'A=*** node app.js --pw ***'`],
    ['curl -H "X-Key: abc" -H "Accept: a/b" -u joe:abc1', 'curl -H "X-Key: ***" -H "Accept: a/b" -u ***'],
    ['app postgres://me:pw@db/x?key=abc#frag', 'app postgres://db/x?key=***#***'],
    ['a; b1 Secret9 | c Secret9', 'a; b1 *** | c ***'],
    ['n=$(cat /tmp/x)', 'n=$(cat /tmp/x)'],
    ['', ''],
  ])('%s is shown as %s', (command, shown) => expect(redactCommand(command)).toBe(shown));

  test('in words as well, quotes being part of them', () => {
    expect(redactWords(['app', '--key', 'a b', 'C3'])).toEqual(['app', '--key', '***', '***']);
  });
});

test('what is hidden of a command is known, whole and in parts', () => {
  const secrets = secretsIn('A=one1:two2 app --pw "three3 four4" run http://joe:five5@host/');
  for (const secret of ['one1:two2', 'two2', 'three3 four4', 'four4', 'five5'])
    expect(secrets).toContain(secret);
  for (const word of ['app', 'run', 'host', '']) expect(secrets).not.toContain(word);
});
