import type { UploadRequest } from '../load/client.js';
import { decoded, hidden, secretNames } from '../redact.js';

type Secretive = Pick<UploadRequest, 'url' | 'headers'> & Partial<UploadRequest>;

/**
 * Hides what the headers, the URL, the proxy and the environment of a target that is started keep secret, wherever
 * a server, a target's last words or an error repeats it.
 */
export function redactor(
  { url, headers, proxy, proxies, proxyUser, pass }: Secretive,
  env: Record<string, string> = {},
): (text: string) => string {
  const values = headers.filter((_, i) => i % 2 === 1 && !isPublic(headers[i - 1]!));
  const words = values.flatMap(value => [value, ...value.split(/[\s;,=]+/)]);
  const { username, password, searchParams, search } = url;
  const secrets = [
    ...words,
    username,
    password,
    decoded(username),
    decoded(password),
    ...searchParams.values(),
    ...[
      proxyUser ?? credentialsOf(proxy),
      credentialsOf(proxies?.http),
      credentialsOf(proxies?.https),
    ].flatMap(pairOf),
    ...(pass === undefined ? [] : [pass]),
    ...Object.keys(env).flatMap(name => (secretNames.test(name) ? env[name]! : [])),
  ];
  if (!search.includes('=')) secrets.push(search.slice(1));
  const long = [...new Set(secrets)].filter(secret => secret.length > 3).sort((a, b) => b.length - a.length);
  return text => long.reduce((shown, secret) => shown.replaceAll(secret, hidden), text);
}

/** `name:password` as it stands, as basic authorization has it, and the password. */
function pairOf(pair: string): string[] {
  const password = pair.slice(pair.indexOf(':') + 1);
  return pair === '' ? [] : [pair, Buffer.from(pair).toString('base64'), password];
}

function credentialsOf(proxy = ''): string {
  const written = /^(?:\w+:\/\/)?(.*)@/s.exec(proxy)?.[1] ?? '';
  return decoded(written);
}

/** Headers that every client sends, and that say nothing of the user. */
function isPublic(name: string): boolean {
  return /^(user-agent|accept|content-type|content-length|host|expect|connection)$/i.test(name);
}
