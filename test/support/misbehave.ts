import { UploadClient } from '../../src/load/connections/client.js';
import type { UploadRequest } from '../../src/load/request.js';
import { type ScenarioOutcome, scenarioOutcome } from '../../src/load/scenarios/outcome.js';
import { parseScenarios } from '../../src/load/scenarios/parse.js';
import type { PlanOptions } from '../../src/load/scenarios/plan.js';
import type { Misbehaving } from '../../src/load/scenarios/timing.js';
import { misbehavingTransports } from '../../src/load/scenarios/transport.js';

/** The one scenario of a text, which is neither `complete` nor `reject`. */
export function misbehaving(text: string): Misbehaving {
  const [scenario] = parseScenarios(text);
  if (!scenario || scenario.kind === 'complete' || scenario.kind === 'reject') throw new Error(text);
  return scenario;
}

/** The outcomes of a scenario's uploads, in the order of their numbers. */
export async function misbehave(
  text: string,
  request: UploadRequest,
  { uploads = 1, concurrency = 1, ...options }: { uploads?: number; concurrency?: number } & PlanOptions = {},
): Promise<ScenarioOutcome[]> {
  const transportFor = misbehavingTransports(misbehaving(text), request, options);
  const outcomes: ScenarioOutcome[] = [];
  let next = 0;
  const lane = async () => {
    while (next < uploads) {
      const serial = next;
      next += 1;
      outcomes[serial] = await outcomeOf(serial);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return outcomes;

  function outcomeOf(serial: number): Promise<ScenarioOutcome> {
    return new Promise(resolve => {
      const client = new UploadClient(request, transportFor, outcome => {
        clearInterval(timeouts);
        resolve(scenarioOutcome(outcome));
      });
      const timeouts = setInterval(() => client.checkTime(performance.now()), 10);
      client.upload(serial, performance.now());
    });
  }
}
