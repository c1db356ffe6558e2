import type { UploadRequest } from '../load/client.js';
import { decoded, hidden } from '../redact.js';

/** Hides what the headers and the URL keep secret wherever a server or an error repeats it. */
export function redactor({ url, headers }: Pick<UploadRequest, 'url' | 'headers'>): (text: string) => string {
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
  ];
  if (!search.includes('=')) secrets.push(search.slice(1));
  const long = [...new Set(secrets)].filter(secret => secret.length > 3).sort((a, b) => b.length - a.length);
  return text => long.reduce((shown, secret) => shown.replaceAll(secret, hidden), text);
}

/** Headers that every client sends, and that say nothing of the user. */
function isPublic(name: string): boolean {
  return /^(user-agent|accept|content-type|content-length|host|expect|connection)$/i.test(name);
}
