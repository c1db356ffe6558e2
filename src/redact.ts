/** What stands in place of a secret. */
export const hidden = '***';

/** A URL without credentials and with the values of its query hidden: both may be secrets. */
export function redactUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  for (const name of new Set(shown.searchParams.keys())) shown.searchParams.set(name, hidden);
  return shown.href.replaceAll(encodeURIComponent(hidden), hidden);
}

/** The same for text that is no URL, and cannot be taken apart as one. */
export function redactAddress(text: string): string {
  return text.replace(/^(\w+:\/\/)?.*@/s, `$1${hidden}@`).replace(/\?.*$/s, `?${hidden}`);
}
