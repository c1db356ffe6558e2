import type { Hunt } from '../../record/record.js';
import { churnInWords, forecastInWords, idleInWords, peakInWords, suspectsInWords } from '../text/wording.js';
import { churnSites } from './churn.js';
import type { Context } from './context.js';
import { firstOf } from './limits.js';
import { type Content, facts, type Markup, section } from './markup.js';

/** Observations besides the growth that are not a verdict: churn, peak, idle growth, forecast, warnings. */
export function besideSection(hunt: Hunt, page: Context): Markup | undefined {
  const idle = hunt.resources.flatMap(each => idleInWords(each) ?? []);
  const suspects = suspectsInWords(hunt);
  const [warnings, left] = firstOf(hunt.warnings, page.limits.rows, 'warnings');
  const rows: [string, Content][] = [
    ['Churn', churnInWords(hunt)],
    ['Peak', peakInWords(hunt)],
    ['Idle', idle.length > 0 && `${idle.join('; ')} (subtracted above)`],
    ...suspects.map((suspect): [string, Content] => ['Suspect', suspect]),
    ['Forecast', forecastInWords(hunt)],
    ...warnings.map((warning): [string, Content] => ['Note', warning]),
    ['Note', left],
  ];
  const said = rows.filter(([, text]) => text);
  if (said.length === 0) return undefined;
  return section('beside', 'Other observations', facts(said), churnSites(hunt, page));
}
