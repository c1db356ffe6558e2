import { Profile } from 'pprof-format';
import { report } from './report.js';

report(bytes => {
  const profile = Profile.decode(bytes);
  return () => {
    const sums = profile.sampleType.map(() => 0);
    let locations = 0;
    for (const { locationId, value } of profile.sample) {
      locations += locationId.length;
      for (const [i, each] of value.entries()) sums[i] += Number(BigInt.asIntN(64, BigInt(each)));
    }
    return { samples: profile.sample.length, locations, sums };
  };
});
