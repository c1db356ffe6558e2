import { resourceNames } from '../../probes/resource-questions.js';
import { resources } from '../../probes/resources.js';
import { type Hunt, type ScenarioRecord, scenariosOf } from '../../record/record.js';
import { formatWhole } from '../../units.js';
import { estimateOf, intervalOf } from '../text/cells.js';
import { neverChanged, unchangedInWords } from '../text/movement.js';
import { verdictWord } from '../text/self-usage.js';
import type { Context } from './context.js';
import { isKnown } from './known.js';
import { firstOf } from './limits.js';
import { type Content, type Markup, markup, section, table } from './markup.js';
import { verdictBadge } from './verdict.js';

/** The results of the scenarios, side by side; nothing if there is only one. */
export function scenarioSection(hunt: Hunt, { limits }: Context): Markup | undefined {
  const all = scenariosOf(hunt);
  if (all.length < 2) return undefined;
  const [shown, left] = firstOf(all, Math.min(limits.rows, 12), 'scenarios');
  const moved = resourceNames.filter(name =>
    shown.some(({ resources: each }) => each.some(one => one.name === name && !neverChanged(one))),
  );
  const rows: Content[][] = [
    ['verdict', ...shown.map(each => verdictBadge(verdictWord(each)))],
    ['uploads', ...shown.map(({ load }) => formatWhole(load.completed))],
    ['failed', ...shown.map(({ load }) => formatWhole(load.failed))],
    ...moved.map(name => [resources[name].title, ...shown.map(each => growthIn(each, name))]),
  ];
  return section(
    'scenarios',
    'Scenarios',
    table('Growth per upload in each scenario', [{ title: 'resource' }, ...shown.map(nameOf)], rows),
    left && markup`<p>${left}</p>`,
    shown.map(
      ({ scenario, error }) =>
        error && markup`<p class="note"><code>${scenario}</code> was not measured: ${error.message}</p>\n`,
    ),
    markup`<p class="note">Charts and culprits below are for <code>${hunt.scenario}</code>${
      all.length > 1 && '; those for the other scenarios follow'
    }.</p>`,
  );
}

function nameOf({ scenario }: ScenarioRecord) {
  return { title: scenario };
}

function growthIn({ resources: all }: ScenarioRecord, name: (typeof resourceNames)[number]): Content {
  const found = all.find(each => each.name === name);
  if (!found) return 'not read';
  if (neverChanged(found)) return unchangedInWords(found);
  if (!isKnown(found)) return 'unknown';
  return markup`${estimateOf(found)} ${verdictBadge(found.verdict)} <small>${intervalOf(found)}</small>`;
}
