import type { Body } from '../body/body.js';
import type { Scenario } from '../scenario.js';
import { contentStart } from './form-shape.js';

/** A scenario that ordinary uploads cannot carry out. */
export type Misbehaving = Exclude<Scenario, { kind: 'complete' | 'reject' }>;

/** How long a scenario should wait (ms). */
export function longestWait(scenario: Misbehaving): number {
  switch (scenario.kind) {
    case 'abort':
      return scenario.pause ?? 0;
    case 'truncate':
      return scenario.wait;
    case 'stall':
      return scenario.hold;
    case 'malformed':
      return 0;
  }
}

/** With less, some servers had not opened their temp file yet: measured, see docs/scenarios.md. */
const shortestSettle = 50;
const longestSettle = 2000;

/** How long a server gets to take in what was sent before leakhunt leaves (ms). */
export function settleTime(typical = 0): number {
  return Math.min(Math.max(shortestSettle, typical), longestSettle);
}

/** The byte at a point of the body, after the first byte of the file: before that, nothing is handled. */
export async function pointAt(percent: number, body: Body): Promise<number> {
  if (percent === 0) return 0;
  const first = Math.min((await contentStart(body)) + 1, body.size);
  return Math.max(Math.floor((body.size * percent) / 100), first);
}
