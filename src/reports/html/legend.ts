import { Markup } from './markup.js';

const mark = (shape: string, words: string) =>
  `<span><svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">${shape}</svg>${words}</span>`;

/** What the marks of the charts of resources mean. */
export const chartLegend = new Markup(`<p class="legend">
${mark('<circle class="dot" cx="11" cy="6" r="3.5"/>', 'after a round of uploads')}
${mark('<circle class="ring" cx="11" cy="6" r="3"/>', 'before and during warm-up')}
${mark('<path class="cross" d="M8 3l6 6M14 3l-6 6"/>', 'after a round without uploads')}
${mark('<path class="fit" d="M0 6h22"/>', 'fitted line')}
${mark('<path class="band" d="M0 2h22v8H0z"/>', 'interval of its slope')}
</p>
`);

/** What the lines of the chart of latencies mean. */
export const latencyLegend = new Markup(`<p class="legend">
${mark('<path class="p50" d="M0 6h22"/>', 'p50')}
${mark('<path class="p90" d="M0 6h22"/>', 'p90')}
${mark('<path class="p99" d="M0 6h22"/>', 'p99')}
</p>
`);
