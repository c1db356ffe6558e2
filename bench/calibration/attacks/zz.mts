import { looks } from '../../../src/hunt/schedule.js';
import { families } from './families.js';
import { judge } from '../../../src/verdict/judge.js';
import { viewsOf, growthOf } from '../../../src/verdict/judge-views.js';
import { seriesOf } from '../../../src/verdict/judge-series.js';
import { defaultMargins } from '../../../src/verdict/margins.js';
import { seeded, seedOf } from '../random.js';
import { simulate } from './simulate.js';
const [family, leakText, n] = process.argv.slice(2);
const cell = { family: family!, leak: Number(leakText) };
const random = seeded(seedOf(`work/${cell.family}/${cell.leak}`));
const res = families[cell.family]!.resource;
const margin = defaultMargins[res];
let lowMiss = 0, highMiss = 0, shown = 0;
for (let i = 0; i < Number(n); i++) {
  const s = simulate(cell, random);
  const seen: any[] = [];
  for (const [at, { look, round }] of s.making.moments.entries()) {
    if (s.points[at]) seen.push(s.points[at]);
    if (!look) continue;
    const j = judge(seen.filter((p: any) => p.round === 'upload' || p.round === 'blank'), { margin, minUploads: 2000, looks: looks.length, resources: 10, ...(res==='goroutines'?{resolution:1}:{}) });
    if (j.verdict === 'inconclusive' && at < s.making.moments.length - 1) continue;
    const t = s.making.leak / margin;
    const p = j.perUpload;
    const miss = p.low / margin > t ? 'low' : p.high / margin < t ? 'high' : '';
    if (miss === 'low') lowMiss++; if (miss === 'high') highMiss++;
    if (miss && shown++ < 8) {
      const v = viewsOf(seriesOf(seen));
      console.log(miss, 'round', round, j.verdict, j.reason, (p.low/margin).toFixed(2), (p.estimate/margin).toFixed(2), (p.high/margin).toFixed(2), 'sd', (s.making.sd/s.making.unit).toFixed(2), 'steps', v.cleaned.steps.map(x => `${x.at.toFixed(2)}:${(x.height*v.whole.perUpload/margin).toFixed(2)}`).join(' '), JSON.stringify(v.whole.best.transient), 'phi', v.whole.best.phi);
      if (shown <= 2) console.log(s.points.slice(0, at+1).map(q => q ? ((q.value - s.points[0]!.value)/s.making.unit).toFixed(0) : '-').join(' '));
    }
    break;
  }
}
console.log({ lowMiss, highMiss });
