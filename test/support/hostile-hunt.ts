import type { Frame } from '../../src/profiles/frame.js';
import type { Culprit, Hunt } from '../../src/record/record.js';
import { fullHunt } from './hunts.js';

/** Sets a flag on the page if any of it is taken for markup or script. */
export const attack =
  '</script><script>window.owned=1</script><img src=x onerror="window.owned=1">\'"><svg onload=window.owned=1>' +
  '\u2028\u2029\u202egnp.exe\u2066\u001b[2J\u001b]0;title\u0007\u0000<!--<style>*{display:none}';

export interface HostileOptions {
  culprits: number;
  /** The length of the longest function name. */
  longest: number;
}

/**
 * A record in which every name that a target, a server or a profile chooses is an attack, and no number is
 * one.
 */
export function hostileHunt({ culprits, longest }: HostileOptions): Hunt {
  const hunt = fullHunt();
  const name = (i: number) => `${attack}${i}${'x'.repeat(i === 0 ? longest : 0)}`;
  const frame = (i: number): Frame => ({ function: name(i), file: attack, line: Number.NaN });
  const root = frame(0);
  const sites = Array.from(
    { length: culprits },
    (_, i): Culprit => ({
      resource: 'heap',
      kind: 'call-site',
      source: 'pprof',
      site: i === 0 ? root : frame(i),
      stack: [frame(i), frame(i + 1), root],
      perUpload: { estimate: i === 1 ? Number.NaN : 10, low: Number.NEGATIVE_INFINITY, high: Number.NaN },
      share: i === 1 ? Number.POSITIVE_INFINITY : 0.1,
      state: attack,
      createdBy: frame(2),
      retainedBy: [attack, attack],
    }),
  );
  const hostile: Hunt = {
    ...hunt,
    leakhunt: { ...hunt.leakhunt, version: attack, startedAt: attack, command: `leakhunt ${attack}` },
    target: {
      url: `http://127.0.0.1/${attack}`,
      probes: [{ source: 'pprof', endpoint: attack, retries: Number.NaN, lost: attack }],
      missing: [{ source: 'json', why: attack }],
    },
    scenario: attack,
    culprits: sites,
    churn: {
      perUpload: Number.NaN,
      source: 'pprof',
      sites: [{ site: frame(0), stack: [frame(0), frame(1)], perUpload: 5, share: Number.NaN }],
    },
    warnings: [attack, '\u05d0\u05d1\u05d2'],
  };
  hostile.load = {
    ...hunt.load,
    statuses: { [attack]: 1, 200: 2 },
    errors: { [attack]: 3 },
    firstFailure: { error: attack, text: attack },
    firstAnswer: { status: 302, location: attack, text: attack },
    seconds: 0,
    latencyMs: { p50: Number.NaN, p90: Number.NaN, p99: Number.NaN, max: Number.POSITIVE_INFINITY },
  };
  hostile.resources = hunt.resources.map((resource, i) => ({
    ...resource,
    margin: i === 0 ? Number.NaN : resource.margin,
    perUpload: i === 0 ? { estimate: Number.NaN, low: Number.NaN, high: Number.NaN } : resource.perUpload,
    points: resource.points.map((point, j) => (j === 4 ? { ...point, value: Number.NaN } : point)),
  }));
  hostile.scenarios = [{ ...hostile }, { ...hostile, scenario: `${attack}2` }];
  return hostile;
}

/** The same as it comes back from a file: JSON has no NaN. */
export function throughJson(hunt: Hunt): Hunt {
  return JSON.parse(JSON.stringify(hunt));
}
