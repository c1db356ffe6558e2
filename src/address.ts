/** An address as people write it, as a URL: `localhost:8000` is http. Undefined for what cannot be one. */
export function urlIn(text: string): URL | undefined {
  const whole = withScheme(text);
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

/** The same as text, for any input. */
export function withScheme(text: string): string {
  return hasScheme(text) ? text : `http://${text}`;
}

export function hasScheme(text: string): boolean {
  return /^[a-z][\w+.-]*:\/\//i.test(text);
}
