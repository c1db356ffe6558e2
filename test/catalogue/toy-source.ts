import { addressOf, readJson } from '../../src/probes/http.js';
import { openProbe, type Sample, type Source } from '../../src/probes/probe.js';

/** A source that no release knows: a page that says how many connections to its database a target holds. */
export const toySource: Source = {
  auto: true,
  example: 'toy=HOST:PORT',
  ports: { any: true },
  async open({ url, via }, argument) {
    const page = argument === undefined ? new URL('/pool', url) : addressOf(argument, '/pool');
    return openProbe('toy', page.href, async timeout => {
      const { held } = (await readJson(page.href, { timeout, via })) as { held: number };
      return { values: { 'db-connections': held } as Sample['values'] };
    });
  },
};
