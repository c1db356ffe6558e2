// uPlot 1.6.32 formats numbers in the browser's language as it is loaded, and throws where that is no language at all
// (`en-US@posix`, a headless Chromium's under LANG=C). This module is imported before it.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
