import { resources } from '../../probes/resources.js';
import type { Hunt } from '../../record/record.js';
import { formatSeconds, formatWhole } from '../../units.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import { endInWords, verdictWord } from '../text/self-usage.js';
import { closingSentence } from '../text/verdict.js';
import { leading } from '../text/wording.js';
import { clipped } from './limits.js';
import { facts, type Markup, markup } from './markup.js';

/** The CSS class that colours a verdict; its word is always shown as well. */
export function verdictBadge(word: string): Markup {
  return markup`<span class="badge ${word.replaceAll(' ', '-')}">${word}</span>`;
}

/** The sentence that readers open the page for, and the figures behind it. */
export function verdictHeader(hunt: Hunt): Markup {
  const { leakhunt, load } = hunt;
  const first = leading(hunt);
  const word = verdictWord(hunt);
  const started = leakhunt.startedAt.slice(0, 16).replace('T', ' ');
  const growth =
    first && Number.isFinite(first.perUpload.estimate)
      ? markup`${estimateOf(first)} <small>${intervalOf(first)} per upload</small>`
      : 'unknown';
  return markup`<header>
<p class="program"><b>leakhunt</b> ${leakhunt.version} <span>${hunt.target.url}</span> <time datetime="${leakhunt.startedAt}">${started} UTC</time></p>
<div class="verdict ${word.replaceAll(' ', '-')}">
${verdictBadge(word)}
<h1>${clipped(closingSentence(hunt), 1500)}</h1>
${facts([
  [first ? `Growth of ${resources[first.name].title}` : '', first && growth],
  [
    'Uploads',
    markup`${formatWhole(load.completed)} <small>in ${formatWhole(load.warmUpRounds + load.rounds)} rounds</small>`,
  ],
  ['Failed', markup`${formatWhole(load.failed)} <small>of ${formatWhole(load.sent)} sent</small>`],
  ['Time', markup`${formatSeconds(leakhunt.seconds)} <small>${endInWords(hunt)}</small>`],
])}</div>
</header>
`;
}
