import type { GrowingSite } from './culprits.js';
import type { Origin } from './origins.js';

/** What Go allocates for a goroutine itself: its stack of the system's shows none of those that started it. */
function isGoroutineItself({ kind, stack }: GrowingSite): boolean {
  return kind === 'call-site' && stack.some(({ function: name }) => name === 'runtime.newproc1');
}

/**
 * Memory that goroutines themselves are made of (`runtime.malg`) is by whoever started them: each such culprit is
 * shared among the groups of goroutines that grow, by their growth.
 */
export function byGoStatement<Site extends GrowingSite & Origin>(culprits: readonly Site[]): Site[] {
  const groups = culprits.filter(({ kind }) => kind === 'goroutines');
  const all = groups.reduce((sum, { perUpload }) => sum + perUpload.estimate, 0);
  if (!(all > 0)) return [...culprits];
  const told = culprits.flatMap(culprit => {
    if (!isGoroutineItself(culprit)) return culprit;
    return groups.map(group => {
      const part = group.perUpload.estimate / all;
      const site = group.startedFrom ?? group.createdBy ?? group.site;
      return { ...scaled(culprit, part), site, stack: [...culprit.stack, site] };
    });
  });
  return merged(told);
}

/** What several call sites at one line grow by together. */
function merged<Site extends GrowingSite>(culprits: readonly Site[]): Site[] {
  const known = new Map<string, Site>();
  for (const culprit of culprits) {
    const { kind, resource, site, perUpload, share } = culprit;
    const key =
      kind === 'call-site'
        ? `${resource}\n${site.function}\n${site.file}\n${site.line}`
        : `culprit ${known.size}`;
    const same = known.get(key);
    if (!same) {
      known.set(key, culprit);
      continue;
    }
    const { estimate, low, high } = same.perUpload;
    known.set(key, {
      ...same,
      perUpload: {
        estimate: estimate + perUpload.estimate,
        low: low + perUpload.low,
        high: high + perUpload.high,
      },
      share: same.share + share,
    });
  }
  return [...known.values()];
}

/** A part of what a site grows by. */
export function scaled<Site extends GrowingSite>(site: Site, part: number): Site {
  const { estimate, low, high } = site.perUpload;
  return {
    ...site,
    perUpload: { estimate: part * estimate, low: part * low, high: part * high },
    share: part * site.share,
  };
}
