import type { Frame } from '../../profiles/frame.js';
import type { SiteHistory } from '../../profiles/history.js';
import { mostFrames } from './culprits.js';

/** A call site that allocates and frees again. */
export interface ChurnSite {
  site: Frame;
  /** The leaf first; of several stacks at one site, the one that allocates most. */
  stack: Frame[];
  /** Bytes allocated per upload. */
  perUpload: number;
  /** Its share of all churn, 0 to 1. */
  share: number;
}

const mostSites = 20;
const leastShare = 0.01;

/** Writing a profile allocates as well; that is not the uploads' churn. */
function isReading(stack: readonly Frame[]): boolean {
  return stack.some(frame => frame.function.startsWith('runtime/pprof.'));
}

/** Where the uploads allocate, from profiles that count every allocation since the start. */
export function churnSites(table: SiteHistory): ChurnSite[] {
  const uploads = table.uploadsOf('churn');
  const span = (uploads.at(-1) ?? 0) - (uploads[0] ?? 0);
  if (span === 0) return [];
  const sites = table.sitesOf('churn').flatMap(({ site, stacks }) => {
    const parts = stacks
      .filter(({ stack }) => !isReading(stack))
      .map(({ stack, values }) => ({
        stack,
        perUpload: Math.max(0, values.at(-1)! - values[0]!) / span,
      }));
    if (parts.length === 0) return [];
    const most = parts.reduce((a, b) => (b.perUpload > a.perUpload ? b : a));
    return {
      site,
      stack: most.stack.slice(0, mostFrames),
      perUpload: parts.reduce((sum, part) => sum + part.perUpload, 0),
    };
  });
  const all = sites.reduce((sum, { perUpload }) => sum + perUpload, 0);
  return sites
    .map(each => ({ ...each, share: each.perUpload / all }))
    .filter(({ share }) => share >= leastShare)
    .sort((a, b) => b.share - a.share)
    .slice(0, mostSites);
}
