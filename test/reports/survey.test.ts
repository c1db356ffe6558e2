import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import type { SourceName } from '../../src/probes/probe.js';
import type { Survey } from '../../src/record/survey.js';
import { surveyReport } from '../../src/reports/terminal/survey.js';

function reportOn(source: SourceName): string {
  const survey: Survey = {
    target: { url: 'http://localhost:8000/', pid: 4711, runtime: 'java' },
    probes: [{ source, endpoint: 'there', retries: 0 }],
    missing: [],
    doubts: [],
    discoverySeconds: 1,
    readingSeconds: 1,
    resources: [{ name: 'heap', source, value: 1e6, noise: 0, margin: 256 }],
  };
  return surveyReport(survey, { width: 100, colour: new Chalk({ level: 0 }), unicode: true });
}

test.each(['pprof', 'inspector', 'jcmd'] as const)(
  'a heap that %s reads is not said to want a source that collects garbage',
  source => expect(reportOn(source)).not.toContain('no source here can force a garbage collection'),
);

test.each(['pid', 'actuator', 'prometheus', 'expvar'] as const)('one that %s reads is', source =>
  expect(reportOn(source)).toContain('no source here can force a garbage collection'),
);
