/** The colours of the page as it looks now, by the names of page.css; a canvas cannot use the variables themselves. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Calls back when the page turns light, dark, or to paper and back. */
export function onThemeChange(redraw: () => void): void {
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    matchMedia(query).addEventListener('change', redraw);
  }
}

export const reducedMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
