import type { Hunt } from '../../record/record.js';
import { formatBytes, formatWhole } from '../../units.js';
import { answerInWords, loadInWords, speedInWords } from '../text/load.js';
import { bottleneckInWords, endInWords, selfInWords } from '../text/self-usage.js';
import { processInWords } from '../text/target.js';
import type { Context } from './context.js';
import { clipped, firstOf } from './limits.js';
import { type Content, facts, type Markup, markup, section } from './markup.js';

/** What was measured and how, and the command that repeats it. */
export function measuredSection(hunt: Hunt, page: Context): Markup {
  const { target, load, leakhunt } = hunt;
  const about = processInWords(target);
  const { fixture, firstFailure } = load;
  return section(
    'measured',
    'How it was measured',
    facts([
      ['Target', markup`<code>${target.url}</code>${about && `, ${about}`}`],
      ['Read by', listOf(target.probes.map(probeLine), page, 'probes')],
      ['Load', clipped(loadInWords(load), 1500)],
      ['Response', answerInWords(load) && markup`<code>${answerInWords(load)!}</code>`],
      ['Scenario', hunt.scenario],
      [
        'File',
        fixture && `${fixture.kind}, ${formatBytes(fixture.size)}, generated from seed ${fixture.seed}`,
      ],
      ['Speed', load.completed > 0 && speedInWords(hunt)],
      ['Resent', (load.resent ?? 0) > 0 && `${formatWhole(load.resent!)} uploads, on a fresh connection`],
      [
        'Late',
        (load.lateStarts ?? 0) > 0 &&
          `${formatWhole(load.lateStarts!)} uploads started later than --rate asks for`,
      ],
      ['First failure', firstFailure && failureLine(firstFailure)],
      ['Ended', endInWords(hunt)],
      ['leakhunt', selfInWords(hunt)],
      ['Pace', bottleneckInWords(hunt)],
      [
        'Unavailable',
        listOf(
          target.missing.map(({ source, why }) => markup`${source}: ${why}`),
          page,
          'sources',
        ),
      ],
    ]),
    leakhunt.command && commandBlock(leakhunt.command),
  );
}

function probeLine({ source, endpoint, retries, lost }: Hunt['target']['probes'][number]): Markup {
  const again = retries > 0 && `, ${formatWhole(retries)} readings retried`;
  return markup`${source} <code>${endpoint}</code>${again}${lost && `, lost: ${lost}`}`;
}

function failureLine({ status, error, text }: NonNullable<Hunt['load']['firstFailure']>): Markup {
  return markup`${status ?? error}: <code>${text}</code>`;
}

function listOf(lines: Markup[], { limits }: Context, things: string): Content {
  if (lines.length === 0) return undefined;
  const [shown, left] = firstOf(lines, limits.rows, things);
  return markup`<ul>${shown.map(line => markup`<li>${line}</li>`)}${left && markup`<li>${left}</li>`}</ul>`;
}

function commandBlock(command: string): Markup {
  return markup`<div class="command">
<h3 id="command-title">To repeat this hunt</h3>
<pre tabindex="0" role="region" aria-labelledby="command-title"><code id="command">${command}</code></pre>
<button type="button" data-copy="command" hidden>Copy</button> <span role="status" data-copied="command"></span>
</div>
`;
}
