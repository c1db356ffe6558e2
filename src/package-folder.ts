/**
 * The folder of leakhunt's package: `src/`, and `dist/` with everything that is built, are directly in it.
 */
export const packageFolder = new URL('..', import.meta.url);
