/** What stands in place of a secret. */
export const hidden = '***';

/** Names of what is likely to be a secret. */
export const secretNames = /pass|secret|token|key|auth|sign|credential|session|csrf|jwt|policy/i;

/** A URL without credentials and with the values of its query hidden: both may be secrets. */
export function redactUrl(url: URL): string {
  const shown = withoutCredentials(url);
  // A query without an equals sign is a value, whatever it looks like.
  if (/^\?[^=&]+$/.test(shown.search)) shown.search = `?${hidden}`;
  else for (const name of new Set(shown.searchParams.keys())) shown.searchParams.set(name, hidden);
  return shown.href.replaceAll(encodeURIComponent(hidden), hidden);
}

/** The same for text that is no URL, and cannot be taken apart as one. */
export function redactAddress(text: string): string {
  return text.replace(/^(\w+:\/\/)?.*@/s, `$1${hidden}@`).replace(/\?.*$/s, `?${hidden}`);
}

/** A URL without credentials, and with the values of its query hidden; other words stay as they are. */
export function hiddenUrl(text: string): string {
  if (!/[@?]/.test(text)) return text;
  const hasScheme = /^[\w+.-]+:\/\//.test(text);
  const whole = hasScheme ? text : `http://${text}`;
  if (!URL.canParse(whole)) return redactAddress(text);
  const shown = redactUrl(new URL(whole));
  return hasScheme ? shown : shown.slice('http://'.length);
}

/** Of a command line in one word: assignments, options that sound secret, and URLs. */
export function redactCommand(text: string): string {
  return text
    .replace(/(^|\s)([A-Za-z_]\w*)=(?:"[^"]*"|'[^']*'|\S+)/g, `$1$2=${hidden}`)
    .replace(/(\s--?[\w-]*)(\s*=\s*|\s+(?!-))(?:"[^"]*"|'[^']*'|\S+)/g, (found, option, between) =>
      secretNames.test(option) ? `${option}${between}${hidden}` : found,
    )
    .replace(/(\s(?:-H|--header)[\s=]*[\\"']*)([\w-]+)(:\s*)[^"'\\]+/g, (found, option, name, between) =>
      secretNames.test(name) || /cookie/i.test(name) ? `${option}${name}${between}${hidden}` : found,
    )
    .replace(/(\s(?:-u|--user)[\s=]*)[^\s:]+:\S+/g, `$1${hidden}`)
    .replace(/[\w+.-]+:\/\/\S+/g, hiddenUrl);
}

/** What `redactCommand` hides of a command line: whoever ran it may say it again. */
export function secretsIn(command: string): string[] {
  const shown = redactCommand(command);
  // A secret may hold what also ends a word of the shell: whole, and in parts.
  const words = [/[\s"'=]+/, /[\s"'\\=:@/?&;|()<>`$,]+/].flatMap(between => command.split(between));
  const secrets = words.filter(word => word.length > 3 && !shown.includes(word));
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

/** A URL without the user's name and password, for whoever only needs to know the place. */
export function withoutCredentials(url: URL): URL {
  const place = new URL(url);
  place.username = '';
  place.password = '';
  return place;
}

/** A part of a URL with its escapes undone; as it stands where they are malformed. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
