import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Chromium: the one that CHROME_PATH names, or the first on the PATH. Its plain name if there is none. */
export function browserProgram(): string {
  const { CHROME_PATH, PATH = '' } = process.env;
  if (CHROME_PATH) return CHROME_PATH;
  const candidates = names.flatMap(name => PATH.split(delimiter).map(folder => join(folder, name)));
  return candidates.find(isProgram) ?? 'chromium';
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
