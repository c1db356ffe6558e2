import { type Hunt, type ScenarioRecord, scenariosOf } from '../../record/record.js';
import { unexplainedInWords } from '../text/culprits.js';
import { verdictWord } from '../text/self-usage.js';
import { sentenceOf, verdictSentence } from '../text/verdict.js';
import { leading } from '../text/wording.js';
import { besideSection } from './beside.js';
import { clean } from './clean.js';
import { type Context, newContext } from './context.js';
import { culpritParts } from './culprits.js';
import { clipped, firstOf, generous, halved, type PageLimits } from './limits.js';
import { type Content, embedded, folded, Markup, markup, section } from './markup.js';
import { measuredSection } from './measured.js';
import { script, scriptHash, style, styleHash } from './page.generated.js';
import { resourceCharts, resourceTable } from './resources.js';
import { latencySection, roundTables } from './rounds.js';
import { scenarioSection } from './scenarios.js';
import { sweepSection } from './sweep.js';
import { verdictBadge, verdictHeader } from './verdict.js';

/** Nothing is loaded from anywhere, and nothing runs but the script that was built in. */
const policy = [
  "default-src 'none'",
  `script-src '${scriptHash}'`,
  `style-src '${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The whole page of a hunt, showing as much of it as the limits allow. */
export function pageOf(record: Hunt, limits: PageLimits): string {
  const hunt = clean(record, limits.text);
  const page = newContext(limits);
  const parts = [
    scenarioSection(hunt, page),
    growthSection(hunt, page),
    culpritSection(hunt, page),
    sweepSection(hunt, page),
    besideSection(hunt, page),
    latencySection(hunt, page),
    otherScenarios(hunt, page),
    measuredSection(hunt, page),
    section('numbers', 'All numbers', roundTables(hunt, page)),
  ];
  const body = markup`${verdictHeader(hunt)}<noscript><p class="note">The charts need JavaScript; the numbers that they show are in the tables.</p></noscript>
<main>
${parts}</main>
<footer><p>leakhunt ${hunt.leakhunt.version}. This page is one file and loads nothing.</p></footer>
`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="leakhunt ${hunt.leakhunt.version}">
<title>${clipped(verdictSentence(hunt), 200)}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
${body}<script type="application/json" id="data">${embedded(page.data)}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function growthSection(hunt: ScenarioRecord, page: Context): Content {
  if (hunt.resources.length === 0) return undefined;
  return section(
    'growth',
    'Growth per upload',
    resourceCharts(hunt, leading(hunt), page),
    resourceTable(hunt, page),
  );
}

function culpritSection(record: ScenarioRecord, page: Context): Content {
  if (record.culprits.length === 0 && !unexplainedInWords(record)) return undefined;
  return section('culprits', 'Culprits', culpritParts(record, page));
}

/** The charts and culprits of the scenarios that the page is not about, each under its name. */
function otherScenarios(hunt: Hunt, page: Context): Content {
  const others = scenariosOf(hunt).filter(({ scenario }) => scenario !== hunt.scenario);
  if (others.length === 0) return undefined;
  const [shown] = firstOf(others, Math.min(page.limits.rows, 11), 'scenarios');
  return section(
    'others',
    'The other scenarios',
    shown.map(record =>
      folded(
        markup`<code>${record.scenario}</code> ${verdictBadge(verdictWord(record))}`,
        markup`<p>${clipped(sentenceOf(record, hunt.target), 1500)}</p>\n`,
        resourceCharts(record, leading(record), page),
        record.resources.length > 0 && resourceTable(record, page),
        culpritParts(record, page),
      ),
    ),
  );
}

/** Bytes; a page should open at once and go through any mail. */
const largest = 480_000;

/** One page with everything in it: it loads nothing. Where a record is huge, less of it is shown, and how much less. */
export function html(hunt: Hunt): string {
  let limits = generous;
  for (;;) {
    const page = pageOf(hunt, limits);
    const less = halved(limits);
    if (!less || Buffer.byteLength(page) <= largest) return page;
    limits = less;
  }
}
