import { Chalk } from 'chalk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resourceNames } from '../../src/probes/resource-questions.js';
import { type ResourceName, resources } from '../../src/probes/resources.js';
import type { End, Hunt, ResourceRecord, ScenarioRecord } from '../../src/record/record.js';
import { table } from '../../src/reports/terminal/terminal.js';
import { uploadsSeen } from '../../src/reports/text/movement.js';
import { wordRows } from '../../src/reports/text/rows.js';
import { toldOnce } from '../../src/reports/text/told-once.js';
import { closingSentence } from '../../src/reports/text/verdict.js';
import { suspectsInWords } from '../../src/reports/text/wording.js';
import { looks } from '../../src/verdict/looks.js';
import { huntOf, row } from './word-hunts.js';

const reasonsOf: Record<ResourceRecord['verdict'], ResourceRecord['reason'][]> = {
  leak: ['growing', 'whole-number', 'native'],
  suspect: ['growing', 'native'],
  flat: ['constant', 'within-margin', 'filled', 'falling'],
  inconclusive: [
    'too-few-rounds',
    'too-noisy',
    'still-filling',
    'may-be-filling',
    'one-step',
    'sawtooth',
    'near-margin',
    'grows-when-idle',
    'native',
    'not-collected',
    'partly-read',
    'drains',
    'backlog',
    'probe-lost',
  ],
};
const verdicts = Object.keys(reasonsOf) as ResourceRecord['verdict'][];
const ends: End[] = ['decided', 'rounds-done', 'time-limit', 'memory-limit', 'interrupted'];

/** Only these are suspected. */
const advisory: ReadonlySet<ResourceName> = new Set(['rss', 'anon', 'stack']);

/** From a thousandth to a hundred thousand. */
const amount = fc.double({ min: -3, max: 5, noNaN: true }).map(power => 10 ** power);

const rowNamed = (name: ResourceName): fc.Arbitrary<ResourceRecord> =>
  fc
    .record({
      verdict: fc.constantFrom(...verdicts.filter(each => each !== 'suspect' || advisory.has(name))),
      pick: fc.nat(),
      estimate: amount,
      half: amount,
      sign: fc.constantFrom(1, 1, -1),
      decisive: fc.boolean(),
      plateau: fc.option(fc.record({ rise: amount, uploads: fc.integer({ min: 1, max: 60_000 }) }), {
        nil: undefined,
      }),
      moreUploads: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      rest: fc.option(fc.record({ seconds: amount, before: amount, after: amount }), { nil: undefined }),
      values: fc.array(fc.nat(9), { minLength: 1, maxLength: 9 }),
    })
    .map(({ verdict, pick, estimate, half, sign, decisive, values, ...more }) => {
      const reasons = reasonsOf[verdict];
      const middle = sign * estimate;
      return row(name, {
        ...more,
        verdict,
        values,
        reason: reasons[pick % reasons.length]!,
        perUpload: { estimate: middle, low: middle - half, high: middle + half },
        decisive: decisive && verdict !== 'suspect',
      });
    });

const hunts: fc.Arbitrary<Hunt> = fc
  .record({
    rows: fc
      .subarray(resourceNames, { minLength: 1 })
      .chain(names => fc.tuple(...names.map(name => rowNamed(name)))),
    uploads: fc.integer({ min: 201, max: 40_000 }),
    rounds: fc.integer({ min: 1, max: 120 }),
    end: fc.constantFrom(...ends),
  })
  .map(({ rows, uploads, rounds, end }) => {
    const decisive = rows.filter(each => each.decisive);
    const isLeak = decisive.some(({ verdict }) => verdict === 'leak');
    const isFlat = decisive.length > 0 && decisive.every(({ verdict }) => verdict === 'flat');
    const verdict = isLeak ? 'leak' : isFlat ? 'flat' : 'inconclusive';
    const hunt = huntOf(rows, { verdict, end });
    const points = (each: ResourceRecord) =>
      each.points.map((point, i) => ({ ...point, uploads: 200 + ((uploads - 200) * i) / 8 }));
    return {
      ...hunt,
      resources: hunt.resources.map(each => ({ ...each, points: points(each) })),
      load: { ...hunt.load, rounds },
    };
  });

const said = (hunt: Hunt) => [
  ...closingSentence(hunt).split(/(?<=\.) (?=[A-Z])/),
  ...suspectsInWords(hunt),
  ...wordRows(hunt).map(({ long }) => long),
];

/** How often a sentence names a resource; flags are commands, not words. */
function timesNamed(name: ResourceName, sentence: string): number {
  const words = sentence.replace(/--\S+ \S+/g, '');
  const described = resources[name];
  const titles = [described.title, ...(described.one ? [described.one] : [])];
  const longer = Object.values(resources)
    .map(({ title }) => title)
    .filter(title => !titles.includes(title) && title.includes(described.title));
  const bare = longer.reduce(
    (text, title) => text.replaceAll(title, '-'),
    words.replaceAll(' heap object', ' -'),
  );
  const counted = name === 'heap-objects' ? words : bare;
  return (
    counted.match(new RegExp(`(?<![\\w-])(?:${titles.map(escaped).join('|')})(?!\\w)`, 'g'))?.length ?? 0
  );
}

const escaped = (text: string) => text.replace(/[()]/g, '\\$&');
const number = (text: string | undefined) => Number(text?.replaceAll(',', ''));
const check = (property: (hunt: Hunt) => void) =>
  fc.assert(fc.property(hunts, property), { numRuns: 500, seed: 7 });

describe('of whatever is found', () => {
  test('no sentence names a resource twice', () => {
    check(hunt => {
      const twice = said(hunt).filter(sentence => resourceNames.some(name => timesNamed(name, sentence) > 1));
      expect(twice).toEqual([]);
    });
  });

  test('nothing is said to be none whose growth may be above zero', () => {
    check(hunt => {
      for (const { resource, long } of wordRows(hunt)) {
        const values = new Set(resource.points.map(({ value }) => value));
        if (/unchanged/.test(long)) expect(values.size).toBe(1);
        if (/did not grow/.test(long)) expect(resource.perUpload.high).toBeLessThanOrEqual(0);
      }
      for (const sentence of said(hunt))
        expect(sentence).not.toMatch(/(?<!more than )\bnothing\b|less than 0( |$)/i);
    });
  });

  test('no cache is said to be full that was not seen to be', () => {
    check(hunt => {
      for (const { resource, long } of wordRows(hunt)) {
        const full = number(/filled up: .* first ([\d,]+) uploads/.exec(long)?.[1]);
        if (!Number.isNaN(full)) expect(full).toBeLessThanOrEqual(Math.ceil(uploadsSeen(resource)));
        expect(long).not.toContain('not a leak');
      }
    });
  });

  test('no fewer uploads are promised to decide than the next look comes after', () => {
    check(hunt => {
      const more = number(/About ([\d,]+) more uploads/.exec(closingSentence(hunt))?.[1]);
      const { rounds, uploadsPerRound } = hunt.load;
      const next = looks.find(look => look > rounds) ?? rounds + 1;
      if (!Number.isNaN(more)) expect(more).toBeGreaterThanOrEqual((next - rounds) * uploadsPerRound);
    });
  });

  test('each byte is told once: what is told of a whole is what its told parts leave of it', () => {
    check(({ resources: all }) => {
      const growing = all.filter(({ unit, perUpload }) => unit === 'bytes' && perUpload.low > 0);
      const told = toldOnce(growing);
      const sum = (list: Pick<ResourceRecord, 'perUpload'>[]) =>
        list.reduce((total, { perUpload }) => total + perUpload.estimate, 0);
      const rss = growing.find(({ name }) => name === 'rss');
      const process = told.filter(({ name }) => name !== 'disk');
      const rest = told.find(({ name }) => name === 'rss');
      if (rss && rest && !told.some(({ name, without }) => name !== 'rss' && without)) {
        const skipped = growing.filter(each => each.name !== 'rss' && !told.includes(each));
        if (skipped.length === 0) expect(sum(process)).toBeCloseTo(rss.perUpload.estimate, 3);
      }
      for (const { without, perUpload, margin } of told)
        if (without) expect(perUpload.low).toBeGreaterThan(margin);
    });
  });

  test.each([80, 120])(
    'no table is wider than %d columns, and no row of the narrow one is wrapped',
    columns => {
      const colour = new Chalk({ level: 0 });
      const linesOf = (part: ScenarioRecord) => table(part, colour, columns).split('\n');
      check(hunt => {
        const lines = linesOf(hunt);
        expect(lines.filter(line => line.length > columns)).toEqual([]);
        if (columns === 80) expect(lines.filter(line => line.startsWith(' '))).toEqual([]);
      });
    },
  );
});
