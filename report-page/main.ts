import './locale.js';
import type { PageData } from '../src/reports/html/data.js';
import { copyButtons } from './copy.js';
import { flame } from './flame.js';
import { latencyPlot } from './latency.js';
import { unfoldForPrint } from './print.js';
import { resourcePlot } from './resource.js';
import { skipWhatFits } from './scroll.js';

/** Draws what the page holds places for. */
const data: PageData = JSON.parse(document.getElementById('data')!.textContent!);

for (const place of document.querySelectorAll<HTMLElement>('[data-chart]')) {
  resourcePlot(place, data.charts[Number(place.dataset.chart)]!);
}
for (const place of document.querySelectorAll<HTMLElement>('[data-latency]')) {
  latencyPlot(place, data.latencies[Number(place.dataset.latency)]!);
}
for (const place of document.querySelectorAll<HTMLElement>('[data-flame]')) {
  flame(place, data.flames[Number(place.dataset.flame)]!);
}
copyButtons();
unfoldForPrint();
skipWhatFits();
