import { readFileSync } from 'node:fs';

/**
 * Decodes the file of the first argument three times, as a hunt decodes a profile after each round. Prints how long
 * the first and the last time took, the process's peak after the first, and what was found.
 */
export function report(decode) {
  const bytes = readFileSync(process.argv[2]);
  const [first, countWhatIsThere] = timed(() => decode(bytes));
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  timed(() => decode(bytes));
  const [again] = timed(() => decode(bytes));
  console.log(JSON.stringify({ first, again, peakBytes, found: countWhatIsThere() }));
}

function timed(run) {
  const start = performance.now();
  const result = run();
  return [performance.now() - start, result];
}
