import { createRequire } from 'node:module';
import { packageFolder } from './package-folder.js';

/** leakhunt's own version and where it is described, as its package says. */
export const { version } = createRequire(packageFolder)('./package.json') as {
  version: string;
};
