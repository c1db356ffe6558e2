import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withNames } from '../../build/schema.js';
import { exitCodes } from '../../src/exit-codes.js';
import { fixtureKinds } from '../../src/fixtures/fixture.js';
import { hunt } from '../../src/index.js';
import type { RoundKind } from '../../src/load/round.js';
import type { Culprit, End, Hunt, ResourceRecord } from '../../src/record/record.js';
import { recordSchema } from '../../src/record/schema.js';
import { runtimeTitles } from '../../src/reports/text/wording.js';
import { startDemo } from '../../src/target/demo/demo.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';

const schemaText = await readFile(new URL('../../schema/hunt-v1.json', import.meta.url), 'utf8');
const schema = JSON.parse(schemaText);
const validate = new Ajv2020({ allErrors: true }).compile(schema);

/** The same with no key allowed that it does not describe. */
function closed(node: unknown, key = ''): unknown {
  if (Array.isArray(node)) return node.map(each => closed(each));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, value]) => [name, closed(value, name)]);
  // What is a scenario of its own is closed where it is referred to: at the top there is more beside it.
  const isObject = 'properties' in node && key !== 'scenario' && !('additionalProperties' in node);
  const refers = key === 'items' && '$ref' in node && node.$ref === '#/$defs/scenario';
  return Object.fromEntries([...entries, ...(isObject || refers ? [['unevaluatedProperties', false]] : [])]);
}

const validateClosed = new Ajv2020({ allErrors: true, strict: false }).compile(closed(schema) as object);

function undescribedIn(record: unknown) {
  validateClosed(record);
  return (
    validateClosed.errors?.map(({ instancePath, params }) => `${instancePath} ${JSON.stringify(params)}`) ??
    []
  );
}

const asJson = (record: Hunt): unknown => JSON.parse(JSON.stringify(record));

function problemsOf(record: unknown) {
  validate(record);
  return validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`) ?? [];
}

describe('the schema of the record', () => {
  test.each(['leak', 'flat', 'inconclusive'])('holds for a recorded hunt (%s)', name => {
    expect(problemsOf(asJson(recordedHunt(name)))).toEqual([]);
  });

  test('holds for a hunt with everything in it', () => {
    expect(problemsOf(asJson(fullHunt()))).toEqual([]);
    expect(undescribedIn(asJson(fullHunt()))).toEqual([]);
  });

  test('holds for a hunt that was just made', async () => {
    const target = await startDemo('files');
    onTestFinished(() => target.stop());
    const record = await hunt({
      url: target.url,
      probes: [`inspector=${target.inspector}`, 'auto'],
      fixture: { kind: 'text', size: 1000, seed: 1 },
      rounds: 3,
      uploadsPerRound: 5,
      warmUpRounds: 1,
      traffic: { uploadsPerSecond: 1, memoryLimit: 1e9 },
    });
    expect(problemsOf(asJson(record))).toEqual([]);
    expect(undescribedIn(asJson(record))).toEqual([]);
  });

  test('allows keys that a later release of version 1 may add', () => {
    const record = { ...recordedHunt('flat'), later: 1 };
    expect(problemsOf(asJson({ ...record, load: { ...record.load, later: {} } } as Hunt))).toEqual([]);
  });

  test.each<[string, (record: Hunt) => unknown]>([
    ['another version', record => ({ ...record, schemaVersion: 2 })],
    ['no verdict', ({ verdict: _, ...record }) => record],
    ['a verdict that there is not', record => ({ ...record, verdict: 'maybe' })],
    ['a number as text', record => ({ ...record, exitCode: '0' })],
    [
      'a resource that there is not',
      record => {
        const [first, ...rest] = record.resources;
        return { ...record, resources: [{ ...first, name: 'hats' }, ...rest] };
      },
    ],
    [
      'a reading without its uploads',
      record => {
        const [first, ...rest] = record.resources;
        return {
          ...record,
          resources: [{ ...first, points: [{ value: 1, round: 'upload', seconds: 1 }] }, ...rest],
        };
      },
    ],
  ])('refuses %s', (_, spoil) => {
    expect(problemsOf(spoil(recordedHunt('flat'))).length).toBeGreaterThan(0);
  });

  test('describes every key, with its unit where it is a number', () => {
    const bare: string[] = [];
    const walk = (node: Record<string, unknown>, path: string) => {
      for (const [key, value] of Object.entries(
        (node.properties ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        const named = value.description !== undefined || '$ref' in value;
        if (!named && !/^(estimate|low|high)$/.test(key)) bare.push(`${path}.${key}`);
        walk(value, `${path}.${key}`);
        if (value.items) walk(value.items as Record<string, unknown>, `${path}.${key}[]`);
      }
    };
    walk(schema, '');
    for (const [name, def] of Object.entries(schema.$defs)) walk(def as Record<string, unknown>, name);
    expect(bare).toEqual([]);
  });
});

/** The compiler sees to it that these are whole: each key of a union once. */
const reasons: Record<ResourceRecord['reason'], true> = {
  growing: true,
  'whole-number': true,
  constant: true,
  'within-margin': true,
  filled: true,
  falling: true,
  'too-few-rounds': true,
  'too-noisy': true,
  'still-filling': true,
  'may-be-filling': true,
  'one-step': true,
  'rises-late': true,
  sawtooth: true,
  'near-margin': true,
  'grows-when-idle': true,
  native: true,
  'not-collected': true,
  'partly-read': true,
  drains: true,
  backlog: true,
  'probe-lost': true,
};
const ends: Record<End, true> = {
  decided: true,
  'rounds-done': true,
  'time-limit': true,
  'memory-limit': true,
  'growth-limit': true,
  interrupted: true,
  'too-many-failed': true,
  'file-changed': true,
  'target-lost': true,
};
const verdicts: Record<ResourceRecord['verdict'], true> = {
  leak: true,
  flat: true,
  inconclusive: true,
  suspect: true,
};
const roundKinds: Record<RoundKind, true> = {
  start: true,
  'warm-up': true,
  upload: true,
  blank: true,
  rest: true,
  snapshot: true,
};
const siteKinds: Record<Culprit['kind'], true> = {
  'call-site': true,
  goroutines: true,
  class: true,
  descriptors: true,
};

test('the schema that is published names the resources and sources of the catalogues (npm run build:schema)', () => {
  expect(schemaText).toBe(withNames(schemaText));
  expect(recordSchema).toEqual(schema);
  const withoutNames = schemaText.replaceAll(/"(?:heap|pprof)",\s*/g, '');
  expect(withNames(withoutNames)).toBe(schemaText);
});

describe('the words of the schema are those of the code', () => {
  const { $defs: defs, properties } = schema;
  test.each<[string, string[], string[]]>([
    ['reasons', defs.resource.properties.reason.enum, Object.keys(reasons)],
    ['ends', defs.scenario.properties.end.enum, Object.keys(ends)],
    ['verdicts', [...defs.verdict.enum, 'suspect'], Object.keys(verdicts)],
    ["resources' verdicts", defs.resource.properties.verdict.enum, Object.keys(verdicts)],
    ['kinds of rounds', defs.roundKind.enum, Object.keys(roundKinds)],
    ['kinds of sites', defs.culprit.properties.kind.enum, Object.keys(siteKinds)],
    ['runtimes', properties.target.properties.runtime.enum, Object.keys(runtimeTitles)],
    [
      'kinds of fixtures',
      defs.scenario.properties.load.properties.fixture.properties.kind.enum,
      [...fixtureKinds],
    ],
    ['exit codes', properties.exitCode.enum.map(String), Object.values(exitCodes).map(String)],
  ])('%s', (_, inSchema, inCode) => {
    expect(inSchema.toSorted()).toEqual(inCode.toSorted());
  });
});
