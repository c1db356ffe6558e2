import { createRequire } from 'node:module';

/** leakhunt's own version, as its package says. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
