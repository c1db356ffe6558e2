import type { Culprit, Hunt } from '../../src/record/record.js';
import { fullHunt } from '../support/hunts.js';

/** What could do harm in any of the formats, and must be shown or left out by all of them. */
export const hostileText =
  "=cmd|' /C calc'!A0 <script>alert(1)</script> </details> \u001b[2J\u001b]0;title\u0007 \u202egnirts\u202c \ud800 " +
  '@octocat #12 [link](javascript:alert(1)) https://evil.example/ ```` | " \' & ]]> \u0000\ufffe\n::error::owned\n%0A::set-output\r\n# HELP x y';

function hostileCulprits(count: number): Culprit[] {
  const [first] = fullHunt().culprits;
  return Array.from({ length: count }, (_, i) => ({
    ...first!,
    site: { function: `${hostileText} ${i}`, file: `${hostileText}/x.js`, line: Number.NaN },
    stack: Array.from({ length: 2 }, () => ({ function: hostileText, file: hostileText, line: i })),
    perUpload: { estimate: Number.NaN, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
    share: Number.NaN,
    state: hostileText,
  }));
}

/** A record with hostile names, 10,000 culprits and no number where there should be one. */
export function hostileHunt(): Hunt {
  const hunt = fullHunt();
  const [resource] = hunt.resources;
  const points = resource!.points.map((point, i) => ({
    ...point,
    value: i % 3 === 0 ? Number.NaN : point.value,
    seconds: Number.NaN,
  }));
  const { scenarios: _, ...whole } = hunt;
  return {
    ...whole,
    scenario: hostileText,
    leakhunt: { ...hunt.leakhunt, command: hostileText, seconds: Number.NaN },
    target: {
      ...hunt.target,
      url: hostileText,
      probes: [{ source: 'pprof', endpoint: hostileText, retries: 0, lost: hostileText }],
    },
    resources: [
      { ...resource!, points, replicas: [{ endpoint: hostileText, points }] },
      {
        ...hunt.resources[1]!,
        perUpload: { estimate: Number.NaN, low: Number.NaN, high: Number.NaN },
        margin: Number.NaN,
        points: [],
      },
    ],
    culprits: hostileCulprits(10_000),
    warnings: Array.from({ length: 1000 }, () => hostileText),
    load: { ...hunt.load, seconds: 0, statuses: { [hostileText]: 3 }, errors: { [hostileText]: 1 } },
  };
}

/** The same, where the target was lost with hostile last words. */
export function hostileLoss(): Hunt {
  const error = { code: 'TARGET_LOST', message: `The target wrote: ${hostileText}` };
  return { ...hostileHunt(), verdict: 'inconclusive', end: 'target-lost', exitCode: 4, error };
}
