import { decodePprof } from '../../../dist/index.js';
import { report } from './report.js';

const readsStacks = process.argv[3] === 'stacks';

report(bytes => {
  const profile = decodePprof(bytes);
  let frames = 0;
  if (readsStacks) for (const { stack } of profile.samples()) frames += stack.length;
  return () => {
    const types = profile.sampleTypes.length;
    const sums = profile.sampleTypes.map(() => 0);
    for (const [i, value] of profile.values.entries()) sums[i % types] += value;
    if (readsStacks && frames !== profile.locationIndices.length) throw new Error(`${frames} frames`);
    return { samples: profile.sampleCount, locations: profile.locationIndices.length, sums };
  };
});
