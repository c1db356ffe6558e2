import { readFileSync } from 'node:fs';
import type { Frame } from '../../src/profiles/frame.js';
import type { Culprit, Hunt, ScenarioRecord } from '../../src/record/record.js';

/** A hunt as it was recorded in fixtures/captures/hunts. */
export function recordedHunt(name: string): Hunt {
  const file = new URL(`../../fixtures/captures/hunts/${name}.json`, import.meta.url);
  return { scenario: 'complete', explained: [], ...JSON.parse(readFileSync(file, 'utf8')) };
}

const frame = (name: string, file: string, line: number): Frame => ({ function: name, file, line });

const serving = [
  frame('net/http.HandlerFunc.ServeHTTP', 'net/http/server.go', 2294),
  frame('net/http.serverHandler.ServeHTTP', 'net/http/server.go', 3301),
  frame('net/http.(*conn).serve', 'net/http/server.go', 2102),
];
const handler = frame('main.(*Server).upload', 'example.com/shop/server.go', 88);
const parse = frame('net/http.(*Request).ParseMultipartForm', 'net/http/request.go', 1411);
const readForm = frame('mime/multipart.(*Reader).readForm', 'mime/multipart/formdata.go', 185);

const sites: [Frame[], number, number, number][] = [
  [
    [frame('example.com/shop/store.(*Index).Put', 'example.com/shop/store/index.go', 43), handler],
    402,
    371,
    433,
  ],
  [
    [
      frame('bytes.growSlice', 'bytes/buffer.go', 249),
      frame('bytes.(*Buffer).ReadFrom', 'bytes/buffer.go', 211),
      frame('main.keepBody', 'example.com/shop/server.go', 131),
      handler,
    ],
    196,
    160,
    241,
  ],
  [
    [
      frame('main.newJob', 'example.com/shop/jobs.go', 27),
      frame('main.(*Server).enqueue', 'example.com/shop/jobs.go', 61),
      handler,
    ],
    118,
    90,
    150,
  ],
];

function culprits(): Culprit[] {
  return [
    ...sites.map(
      ([stack, estimate, low, high]): Culprit => ({
        resource: 'heap',
        kind: 'call-site',
        source: 'pprof',
        site: stack.find(each => each.file?.startsWith('example.com'))!,
        stack: [...stack, ...serving],
        perUpload: { estimate, low, high },
        share: estimate / 771.87,
        instances: { estimate: 1.01, low: 0.96, high: 1.06 },
      }),
    ),
    {
      resource: 'goroutines',
      kind: 'goroutines',
      source: 'pprof',
      site: frame('main.(*Server).watch.func1', 'example.com/shop/watch.go', 19),
      stack: [
        frame('runtime.gopark', 'runtime/proc.go', 424),
        frame('runtime.chanrecv1', 'runtime/chan.go', 489),
        frame('main.(*Server).watch.func1', 'example.com/shop/watch.go', 19),
      ],
      perUpload: { estimate: 1, low: 0.998, high: 1.002 },
      share: 1,
      state: 'chan receive',
      createdBy: frame('main.(*Server).watch', 'example.com/shop/watch.go', 17),
      startedFrom: handler,
    },
  ];
}

/** The recorded leak with everything in it that a record can hold. */
export function fullHunt(): Hunt {
  const hunt = recordedHunt('leak');
  const calm = recordedHunt('flat');
  const { leakhunt, target, exitCode, schemaVersion, self, ...found } = hunt;
  const leaking: ScenarioRecord = {
    ...found,
    scenario: 'abort@50%',
    culprits: culprits(),
    explained: [
      { resource: 'heap', share: 0.928, unexplained: 55.9 },
      { resource: 'goroutines', share: 1, unexplained: 0 },
    ],
    sweep: [
      {
        resource: 'heap',
        perUpload: { estimate: 742, low: 688, high: 801 },
        perByte: { estimate: 0.99, low: 0.97, high: 1.02 },
      },
      {
        resource: 'goroutines',
        perUpload: { estimate: 1, low: 0.99, high: 1.01 },
        perByte: { estimate: 0, low: -1e-7, high: 1e-7 },
      },
    ],
    churn: { perUpload: 4_212_186, source: 'pprof', sites: churnSites() },
    forecast: {
      uploadsPerSecond: 10_000 / 86_400,
      perDay: { estimate: 7_718_713, low: 6_065_910, high: 8_338_040 },
      memoryLimit: 536_870_912,
      secondsLeft: { estimate: 5_900_000, low: 5_400_000, high: 7_500_000 },
    },
    warnings: ['The target answered 3 readings only at the second attempt.'],
  };
  leaking.load = { ...leaking.load, sizes: [65_536, 262_144, 1_300_000] };
  const { leakhunt: _, target: __, exitCode: ___, schemaVersion: ____, self: _____, ...rest } = calm;
  const complete: ScenarioRecord = { ...rest, scenario: 'complete', explained: [] };
  const lost: ScenarioRecord = {
    ...complete,
    scenario: 'stall',
    verdict: 'inconclusive',
    end: 'target-lost',
    error: {
      code: 'TARGET_LOST',
      message: 'Process 19281 ended during round 4: look at what it wrote last.',
    },
    resources: [],
    rounds: [],
  };
  return {
    schemaVersion,
    leakhunt: {
      ...leakhunt,
      command:
        'leakhunt upload http://localhost:8000/upload -n 100 -c 10 --scenario complete,abort@50%,stall -F \'file=@"./invoice.pdf";type=application/pdf\' --traffic 10000/day --memory-limit 512MiB',
    },
    target,
    exitCode,
    ...leaking,
    scenarios: [complete, leaking, lost],
    self: {
      ...self,
      cpuShare: 0.82,
      eventLoopDelayMs: { p50: 0.4, p99: 3.1, max: 21 },
      bottleneck: false,
    },
  };
}

function churnSites() {
  const all: [Frame[], number][] = [
    [[frame('io.ReadAll', 'io/io.go', 712), readForm, parse, handler], 2_900_000],
    [[frame('bytes.growSlice', 'bytes/buffer.go', 249), readForm, parse, handler], 1_050_000],
    [[frame('bufio.NewReaderSize', 'bufio/bufio.go', 57), parse, handler], 210_000],
  ];
  return all.map(([stack, perUpload]) => ({
    site: handler,
    stack: [...stack, ...serving],
    perUpload,
    share: perUpload / 4_212_186,
  }));
}
