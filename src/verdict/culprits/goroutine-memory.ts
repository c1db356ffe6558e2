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
  return culprits.flatMap(culprit => {
    if (!isGoroutineItself(culprit)) return culprit;
    return groups.map(group => {
      const part = group.perUpload.estimate / all;
      const site = group.startedFrom ?? group.createdBy ?? group.site;
      return { ...scaled(culprit, part), site, stack: [...culprit.stack, site] };
    });
  });
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
