/** The folder of leakhunt's package: `src/`, and `dist/` with everything that is built, lie right under it. */
export const packageFolder = new URL('..', import.meta.url);
