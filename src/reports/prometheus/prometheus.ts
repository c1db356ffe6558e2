import { type Hunt, type ResourceRecord, type ScenarioRecord, scenariosOf } from '../../record/record.js';
import type { Unit } from '../../units.js';
import { closingSentence } from '../text/verdict.js';
import { exposition, type MetricFamily, type MetricSample } from './text.js';

/** A value of a scenario, a resource or a culprit under its labels. */
type Sampled<Thing> = (thing: Thing) => MetricSample[];

/** The result of a hunt for node_exporter's textfile collector: verdicts, growth per upload, the load. */
export function prometheus(hunt: Hunt): string {
  const parts = scenariosOf(hunt);
  const ofParts = (name: string, help: string, samples: Sampled<ScenarioRecord>): MetricFamily => ({
    name: `leakhunt_${name}`,
    help,
    samples: parts.flatMap(part => samples(part).map(labelled({ scenario: part.scenario }))),
  });
  const ofResources = (
    name: string,
    help: string,
    samples: Sampled<ResourceRecord>,
    unit?: Unit,
  ): MetricFamily =>
    ofParts(name, help, ({ resources }) =>
      resources
        .filter(each => unit === undefined || each.unit === unit)
        .flatMap(each => samples(each).map(labelled({ resource: each.name }))),
    );
  const { version, startedAt, seconds } = hunt.leakhunt;
  const info = { version, url: hunt.target.url, runtime: hunt.target.runtime ?? '' };
  return exposition([
    whole('info', 'The hunt; always 1.', 1, info),
    whole('verdict_info', 'The verdict in words; always 1.', 1, {
      verdict: hunt.verdict,
      sentence: closingSentence(hunt),
    }),
    whole('exit_code', '0 flat, 1 leak, 3 inconclusive, 4 not measured, 130 interrupted.', hunt.exitCode),
    whole('start_time_seconds', 'When the hunt began, in seconds since 1970.', Date.parse(startedAt) / 1000),
    whole('duration_seconds', 'How long the hunt took.', seconds),
    ofParts('verdict', '1 for the verdict of the scenario, 0 for the others.', ({ verdict }) =>
      oneOf('verdict', ['leak', 'flat', 'inconclusive'], verdict),
    ),
    ofParts('uploads', 'Uploads by how they ended.', ({ load }) => [
      { labels: { outcome: 'completed' }, value: load.completed },
      { labels: { outcome: 'failed' }, value: load.failed },
    ]),
    ofParts('upload_latency_seconds', 'From the first byte sent to the last byte received.', ({ load }) => [
      { labels: { percentile: '50' }, value: load.latencyMs.p50 / 1000 },
      { labels: { percentile: '90' }, value: load.latencyMs.p90 / 1000 },
      { labels: { percentile: '99' }, value: load.latencyMs.p99 / 1000 },
    ]),
    ofResources('resource_verdict', '1 for the verdict of the resource, 0 for the others.', each =>
      oneOf('verdict', ['leak', 'flat', 'inconclusive', 'suspect'], each.verdict),
    ),
    ofResources('resource_decisive', 'Whether the verdict rests on the resource.', ({ decisive }) => [
      { labels: {}, value: decisive ? 1 : 0 },
    ]),
    ofResources('growth_per_upload_bytes', 'Growth per upload and its interval.', growth, 'bytes'),
    ofResources('growth_per_upload', 'Growth per upload of resources that are counted.', growth, 'count'),
    ofResources(
      'margin_per_upload_bytes',
      'The margin: growth per upload that is still called flat.',
      margin,
      'bytes',
    ),
    ofResources('margin_per_upload', 'The margin of resources that are counted.', margin, 'count'),
    ofParts('churn_per_upload_bytes', 'Bytes allocated per upload and freed again.', ({ churn }) =>
      churn ? [{ labels: {}, value: churn.perUpload }] : [],
    ),
    ofParts('peak_bytes', 'The high-water mark of the memory of the target.', ({ peak }) =>
      peak ? [{ labels: {}, value: peak.bytes }] : [],
    ),
  ]);
}

function whole(name: string, help: string, value: number, labels: MetricSample['labels'] = {}): MetricFamily {
  return { name: `leakhunt_${name}`, help, samples: [{ labels, value }] };
}

const labelled =
  (labels: MetricSample['labels']) =>
  (sample: MetricSample): MetricSample => ({ ...sample, labels: { ...labels, ...sample.labels } });

function oneOf(label: string, states: string[], state: string): MetricSample[] {
  return states.map(each => ({ labels: { [label]: each }, value: each === state ? 1 : 0 }));
}

const growth: Sampled<ResourceRecord> = ({ perUpload }) =>
  (['estimate', 'low', 'high'] as const).map(bound => ({ labels: { bound }, value: perUpload[bound] }));

const margin: Sampled<ResourceRecord> = ({ margin: value }) => [{ labels: {}, value }];
