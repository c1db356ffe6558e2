import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flaws, nameOf, type Scenario } from '../../src/load/scenario.js';
import { parseScenarios } from '../../src/load/scenarios/parse.js';

const namesIn = (list: string) => parseScenarios(list).map(nameOf);

describe('a list of scenarios', () => {
  test('names each scenario with what it does by default', () => {
    expect(namesIn('all')).toEqual([
      'complete',
      'abort@50%',
      'truncate@50%',
      'malformed',
      'reject',
      'stall@50%',
    ]);
    expect(parseScenarios('abort,truncate,stall')).toEqual([
      { kind: 'abort', at: 50, leave: 'fin' },
      { kind: 'truncate', at: 50, short: false, wait: 1000 },
      { kind: 'stall', at: 50, hold: 1000 },
    ]);
  });

  test('keeps its order, and each scenario once', () => {
    expect(namesIn('stall, abort,complete,abort@50%:fin,all')).toEqual([
      'stall@50%',
      'abort@50%',
      'complete',
      'truncate@50%',
      'malformed',
      'reject',
    ]);
  });

  test.each([
    ['abort@100%', { kind: 'abort', at: 100, leave: 'fin' }],
    ['abort@12.5%:reset:20ms', { kind: 'abort', at: 12.5, leave: 'reset', pause: 20 }],
    ['abort:reset', { kind: 'abort', at: 50, leave: 'reset' }],
    ['truncate:no-boundary', { kind: 'truncate', at: 'no-boundary', short: false, wait: 1000 }],
    ['truncate@30%:short:1.5s', { kind: 'truncate', at: 30, short: true, wait: 1500 }],
    ['malformed:nested', { kind: 'malformed', flaw: 'nested', alone: false }],
    ['malformed:alone', { kind: 'malformed', alone: true }],
    ['malformed:zero-parts:alone', { kind: 'malformed', flaw: 'zero-parts', alone: false }],
    ['stall@10%:2s', { kind: 'stall', at: 10, hold: 2000 }],
  ])('reads %s', (text, scenario) => {
    expect(parseScenarios(text)).toEqual([scenario]);
  });

  test('reads every canonical name back', () => {
    fc.assert(
      fc.property(fc.array(anyScenario, { minLength: 1 }), scenarios => {
        const names = scenarios.map(nameOf);
        expect(namesIn(names.join(','))).toEqual([...new Set(names)]);
        expect(parseScenarios(names[0]!)).toEqual([scenarios[0]]);
      }),
    );
  });

  test.each([
    ['', '"" is not a scenario: use one of complete, abort, truncate, malformed, reject, stall, all'],
    ['abort,', '"" is not a scenario'],
    ['explode', '"explode" is not a scenario'],
    ['Abort', '"Abort" is not a scenario'],
    ['abort@half', 'has the point "@half": write it as a share of the body, e.g. @50%'],
    ['abort@101%', 'has the point "@101%"'],
    ['abort@50', 'has the point "@50"'],
    ['abort:fin:reset', 'has both fin and reset: keep only one'],
    ['abort:gently', 'has ":gently", which abort does not support: use one of fin, reset'],
    ['complete:fin', 'has ":fin", which complete does not support: remove it'],
    ['complete@50%', 'has a point, which complete does not support: remove "@50%"'],
    ['reject:1s', 'has a time, which reject does not support: remove it'],
    ['malformed@50%', 'has a point, which malformed does not support'],
    ['truncate@100%', 'sends the whole body: use truncate at less than 100%, e.g. truncate@50%'],
    ['stall@100%', 'sends the whole body'],
    ['truncate@50%:no-boundary', 'ends at two points: keep either the percentage or no-boundary'],
    ['stall:2s:3s', 'has more than one time: keep only one'],
    ['stall:2m', 'has the time "2m": write it as 500ms or 2s, at most 600s'],
    ['stall:601s', 'has the time "601s"'],
  ])('refuses "%s" with the reason and the next step', (text, sentence) => {
    expect(() => parseScenarios(text)).toThrow(
      expect.objectContaining({
        code: 'BAD_SCENARIO',
        exitCode: 2,
        message: expect.stringContaining(sentence),
      }),
    );
  });
});

const percent = fc.integer({ min: 0, max: 99_999 }).map(each => each / 1000);
const time = fc.integer({ min: 0, max: 600_000 });
const anyScenario: fc.Arbitrary<Scenario> = fc.oneof(
  fc.constantFrom<Scenario>({ kind: 'complete' }, { kind: 'reject' }),
  fc.record(
    {
      kind: fc.constant('abort' as const),
      at: fc.oneof(percent, fc.constant(100)),
      leave: fc.constantFrom('fin' as const, 'reset' as const),
      pause: time,
    },
    { requiredKeys: ['kind', 'at', 'leave'] },
  ),
  fc.record({
    kind: fc.constant('truncate' as const),
    at: fc.oneof(percent, fc.constant('no-boundary' as const)),
    short: fc.boolean(),
    wait: time,
  }),
  fc.record(
    {
      kind: fc.constant('malformed' as const),
      flaw: fc.constantFrom(...flaws.filter(each => each !== 'zero-parts')),
      alone: fc.boolean(),
    },
    { requiredKeys: ['kind', 'alone'] },
  ),
  fc.record({ kind: fc.constant('stall' as const), at: percent, hold: time }),
);
