import { hidden } from '../redact.js';
import type { Plan } from './plan.js';

/** Hides what the headers and the URL keep secret wherever a server or an error repeats it. */
export function redactor({ url, headers }: Plan): (text: string) => string {
  const words = headers.flatMap(([, value]) => [value, ...value.split(/[\s;,=]+/)]);
  const secrets = [
    ...words,
    url.username,
    decodeURIComponent(url.password),
    url.password,
    ...url.searchParams.values(),
  ];
  const long = [...new Set(secrets)].filter(secret => secret.length > 3).sort((a, b) => b.length - a.length);
  return text => long.reduce((shown, secret) => shown.replaceAll(secret, hidden), text);
}
