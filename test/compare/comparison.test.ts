import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { withBaseline } from '../../src/compare/baseline.js';
import { compareHunts } from '../../src/compare/comparison.js';
import { differencesOf, setupOf } from '../../src/compare/setup.js';
import type { Hunt, ResourceRecord } from '../../src/record/record.js';
import { annotations } from '../../src/reports/github.js';
import { junit } from '../../src/reports/junit/junit.js';
import { closingSentence } from '../../src/reports/text/verdict.js';
import { recordedHunt } from '../support/hunts.js';

const compare = (before: Hunt, after: Hunt) =>
  compareHunts({ name: 'a.json', hunts: [before] }, { name: 'b.json', hunts: [after] });

/** A record of which one resource is another. */
function altered(hunt: Hunt, name: string, more: Partial<ResourceRecord>): Hunt {
  return {
    ...hunt,
    resources: hunt.resources.map(each => (each.name === name ? { ...each, ...more } : each)),
  };
}

const schema = JSON.parse(readFileSync(new URL('../../schema/hunt-v1.json', import.meta.url), 'utf8'));
const leak = recordedHunt('leak');
const flat = recordedHunt('flat');

describe('two recorded hunts', () => {
  test('of a leak and its fix are an improvement, and a regression the other way', () => {
    expect(compare(leak, flat)).toMatchObject({ outcome: 'improvement', exitCode: 0 });
    expect(compare(flat, leak)).toMatchObject({ outcome: 'regression', exitCode: 1 });
  });

  test('of the same are no worse', () => {
    expect(compare(leak, leak)).toMatchObject({ outcome: 'same', exitCode: 0 });
    expect(compare(flat, flat)).toMatchObject({ outcome: 'same', exitCode: 0 });
  });

  test('compare what counts, and show the rest', () => {
    const { resources } = compare(leak, flat).scenarios[0]!;
    expect(resources.find(({ name }) => name === 'goroutines')).toMatchObject({
      decisive: true,
      outcome: 'improvement',
      difference: { estimate: -1 },
    });
    expect(resources.find(({ name }) => name === 'rss')).toMatchObject({ decisive: false });
  });

  test('with one scenario of which nothing was measured have exit code 4', () => {
    const failed: Hunt = { ...flat, error: { code: 'TARGET_LOST', message: 'Process 1 ended.' } };
    const [part] = compare(flat, failed).scenarios;
    expect(part).toMatchObject({ outcome: 'not-measured', error: 'b.json: Process 1 ended.' });
    expect(compare(flat, failed).exitCode).toBe(4);
  });

  test('with scenarios are compared scenario by scenario, and the worst decides', () => {
    const both: Hunt = { ...flat, scenarios: [flat, { ...flat, scenario: 'abort@50%' }] };
    const worse: Hunt = { ...leak, scenarios: [flat, { ...leak, scenario: 'abort@50%' }] };
    const { scenarios, outcome } = compare(both, worse);
    expect(scenarios.map(each => each.outcome)).toEqual(['same', 'regression']);
    expect(outcome).toBe('regression');
  });
});

describe('what was measured differently is named, with what to do about it', () => {
  const differences = (before: Hunt, after: Hunt) =>
    differencesOf(setupOf(before), setupOf(after), ['a', 'b']);
  const loaded = (more: Partial<Hunt['load']>): Hunt => ({ ...flat, load: { ...flat.load, ...more } });

  test.each<[string, Hunt, string]>([
    [
      'size',
      loaded({ fixture: { kind: 'text', size: 1000, seed: 1 } }),
      '1,300,000 B of text, b 1,000 B of text',
    ],
    ['kind', loaded({ fixture: { kind: 'png', size: 1_300_000, seed: 1 } }), 'b 1,300,000 B of png'],
    ['file', loaded({ fixture: undefined }), 'b its own file'],
    [
      'sizes',
      loaded({ sizes: [1000, 2000] }),
      'a uploaded files of one size, b files of 1,000 B, 2,000 B in turn',
    ],
    ['concurrency', loaded({ concurrency: 20 }), 'a had 10 concurrent uploads, b 20'],
    ['uploads per round', loaded({ uploadsPerRound: 20 }), 'a had 100 uploads per round, b 20'],
    ['rate', loaded({ lateStarts: 3 }), 'b uploaded at a fixed rate'],
    ['runtime', { ...flat, target: { ...flat.target, runtime: 'node' } }, 'a go target, b a node target'],
    ['scenario', { ...flat, scenario: 'abort@50%' }, 'Only a has the scenario complete'],
    ['source', altered(flat, 'heap', { source: 'expvar' }), 'a read heap from pprof, b from expvar'],
    [
      'resource',
      { ...flat, resources: flat.resources.filter(({ name }) => name !== 'heap') },
      'Only a read heap (from pprof)',
    ],
  ])('%s', (_, other, words) => {
    const found = differences(flat, other);
    expect(found.join('\n')).toContain(words);
    for (const each of found) expect(each).toMatch(/: (hunt both|compare hunts).*\.$/);
  });

  test('not: another address, process, seed, or a few uploads more in a round', () => {
    const other = loaded({ uploadsPerRound: 110, fixture: { kind: 'text', size: 1_300_000, seed: 9 } });
    expect(differences(flat, { ...other, target: { ...flat.target, url: 'http://b/', pid: 2 } })).toEqual([]);
    expect(differences(flat, leak)).toEqual([]);
  });
});

describe('beside a baseline', () => {
  test('a known leak does not fail, and is told', () => {
    const hunt = withBaseline(leak, leak, 'base.json');
    expect(hunt).toMatchObject({ verdict: 'leak', exitCode: 0 });
    expect(hunt.baseline!.known.map(({ resource }) => resource)).toEqual([
      'heap',
      'heap-objects',
      'goroutines',
    ]);
    expect(closingSentence(hunt)).toContain(
      'Leak, no worse than the baseline. Known: 772 B of heap per upload',
    );
  });

  test('a new leak fails', () => {
    const hunt = withBaseline(leak, flat);
    expect(hunt.exitCode).toBe(1);
    expect(hunt.baseline).toMatchObject({ known: [], grown: [] });
    expect(closingSentence(hunt)).toContain('Leak, worse than the baseline. New: 772 B of heap per upload');
  });

  test('a leak that has grown by more than the margin fails, and one that has not is known', () => {
    const grown = altered(leak, 'goroutines', { perUpload: { estimate: 2, low: 1.99, high: 2.01 } });
    const hunt = withBaseline(grown, leak);
    expect(hunt.exitCode).toBe(1);
    expect(hunt.baseline!.grown.map(({ resource }) => resource)).toEqual(['goroutines']);
    expect(hunt.baseline!.known.map(({ resource }) => resource)).toEqual(['heap', 'heap-objects']);
    expect(closingSentence(hunt)).toContain('Grown: 2.00 goroutines per upload (1.00 in the baseline).');
  });

  test('a known leak beside a resource that is open is open', () => {
    const open = altered(leak, 'sockets', {
      verdict: 'inconclusive',
      reason: 'too-noisy',
      perUpload: { estimate: 0.1, low: -0.4, high: 0.6 },
    });
    const hunt = withBaseline(open, leak);
    expect(hunt.exitCode).toBe(3);
    expect(closingSentence(hunt)).toContain('Not decided: sockets.');
  });

  test('a leak that may have grown by more than the margin says by how much', () => {
    const vague = { perUpload: { estimate: 772, low: 300, high: 1200 } };
    const hunt = withBaseline(altered(leak, 'heap', vague), leak);
    expect(hunt.exitCode).toBe(0);
    expect(closingSentence(hunt)).toMatch(
      /heap per upload, as in the baseline \(an increase of up to \d+ B is not ruled/,
    );
  });

  test('JUnit has a failure and GitHub an error just where the exit code is that of a leak', () => {
    const known = withBaseline(leak, leak);
    expect(junit(known)).not.toMatch(/<failure|<error/);
    expect(junit(known)).toContain('type="known"');
    expect(annotations(known)).toMatch(/^::warning .*no worse than the baseline/);
    const fresh = withBaseline(leak, flat);
    expect(junit(fresh)).toContain('<failure');
    expect(annotations(fresh)).toMatch(/^::error .*worse than the baseline/);
  });

  test('its record conforms to the schema', () => {
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    validate(JSON.parse(JSON.stringify(withBaseline(leak, flat, 'base.json'))));
    expect(validate.errors).toBeNull();
  });

  test('a flat hunt is flat, and one that was broken off keeps its exit code', () => {
    expect(withBaseline(flat, leak)).toMatchObject({ exitCode: 0, baseline: { known: [], new: [] } });
    expect(withBaseline({ ...leak, exitCode: 130, end: 'interrupted' }, leak).exitCode).toBe(130);
  });
});
