import { describe, expect, test } from 'vitest';
import type { BaselineLeak } from '../../src/record/baseline-record.js';
import type { Culprit, Hunt, ResourceRecord, ScenarioRecord } from '../../src/record/record.js';
import { byMovement } from '../../src/reports/text/movement.js';
import { wordRows } from '../../src/reports/text/rows.js';
import { closingSentence, sentenceOf } from '../../src/reports/text/verdict.js';
import { suspectsInWords } from '../../src/reports/text/wording.js';
import { fullHunt } from '../support/hunts.js';
import { huntOf, row } from './word-hunts.js';

const leak = (name: ResourceRecord['name'], estimate: number, more: Partial<ResourceRecord> = {}) =>
  row(name, {
    verdict: 'leak',
    reason: 'growing',
    perUpload: { estimate, low: 0.95 * estimate, high: 1.05 * estimate },
    ...more,
  });
const longOf = (part: ScenarioRecord, name: string) =>
  wordRows(part).find(({ resource }) => resource.name === name)!.long;
const KiB = 1024;

describe('what fills', () => {
  const filled = (uploads: number) =>
    row('heap', { reason: 'filled', plateau: { rise: 113 * KiB * KiB, uploads } });

  test('is said to have filled up where its plateau lies inside of the run', () => {
    expect(longOf(huntOf([filled(1200)], { uploads: 5000 }), 'heap')).toBe(
      'filled up: rose by about 113 MiB in the first 1,200 uploads, then by less than 90 B per upload',
    );
  });

  test('is said to have slowed down, and no more, where the plateau lies beyond it', () => {
    expect(longOf(huntOf([filled(28_960)], { uploads: 5000 }), 'heap')).toBe(
      'grew more and more slowly, in the end by less than 90 B per upload',
    );
  });

  test('is guessed to be full some day, where that day is not out of reach', () => {
    const filling = (uploads: number) =>
      longOf(
        huntOf(
          [
            row('heap', {
              verdict: 'inconclusive',
              reason: 'still-filling',
              plateau: { rise: 1e8, uploads },
            }),
          ],
          {
            uploads: 5000,
          },
        ),
        'heap',
      );
    expect(filling(28_960)).toBe(
      'still filling, more and more slowly; at this rate full after about 28,960 uploads, well beyond the 5,000 seen',
    );
    expect(filling(90_000)).toBe('still filling, more and more slowly');
    expect(filling(4000)).toBe('still filling, more and more slowly');
  });
});

describe('what is flat', () => {
  test('is said to leave less than was shown, not nothing', () => {
    const hunt = fullHunt();
    expect(closingSentence(hunt)).toContain(' Flat: complete uploads leave less than 78.1 B of heap each.');
  });

  test('is told with its growth where that is surely there and near the margin, and with the flag that calls it a leak', () => {
    const anon = row('anon', { margin: 256, perUpload: { estimate: 240, low: 230, high: 251 } });
    expect(closingSentence(huntOf([anon]))).toBe(
      'Flat within the margin: anonymous memory grew by 230 to 251 B per upload, more than zero but less than the ' +
        '256 B margin; --max-growth anon=200B would make it a leak. The heap was not read.',
    );
  });

  test('is unchanged where it was read and is the same from the first judged reading to the last', () => {
    const still = row('sockets', { reason: 'constant', values: [3] });
    const later = row('threads', { reason: 'constant', values: [9, 4, 4] });
    const unread = row('disk', { reason: 'constant', points: [] });
    const { moved, still: lines } = byMovement([still, later, unread]);
    expect(moved).toEqual([later]);
    expect(lines.map(({ title, resources: [first] }) => [title, first!.name])).toEqual([
      ['Unchanged over 2,400 uploads', 'sockets'],
      ['Not read', 'disk'],
    ]);
  });
});

describe('a leak', () => {
  const closing = (rows: ResourceRecord[], more: Partial<Hunt> = {}) =>
    closingSentence(huntOf(rows, { verdict: 'leak', ...more }));

  test.each<[string, ResourceRecord[], string]>([
    [
      'resident memory that is anonymous memory',
      [leak('anon', 16.3 * KiB, { margin: 4096 }), leak('rss', 16.3 * KiB, { margin: 4096 })],
      '16.3 KiB of anonymous memory',
    ],
    [
      'external memory that is array buffers',
      [leak('array-buffers', 9e4), leak('external', 9.01e4)],
      '87.9 KiB of array buffers',
    ],
    [
      'process memory that holds much more than the heap',
      [
        leak('heap', KiB),
        leak('anon', 128 * KiB, { margin: 4096, decisive: false }),
        leak('rss', 128 * KiB, { margin: 4096, decisive: false }),
      ],
      '127 KiB of other anonymous memory and 1.00 KiB of heap',
    ],
    [
      'native memory',
      [leak('heap', KiB), leak('anon', 111 * KiB, { margin: 4096, reason: 'native' })],
      '110 KiB of native memory and 1.00 KiB of heap',
    ],
    [
      'process memory that holds little more than the heap',
      [leak('heap', 8 * KiB), leak('anon', 11 * KiB, { margin: 4096, decisive: false })],
      '8.00 KiB of heap',
    ],
  ])('counts each byte once, the largest amount first: %s', (_, rows, amounts) => {
    expect(closing(rows)).toMatch(`Leak: each upload leaves ${amounts} behind. Only memory grows`);
  });

  test('beside a baseline counts each byte once as well', () => {
    const known = (resource: ResourceRecord['name'], estimate: number): BaselineLeak => ({
      scenario: 'complete',
      resource,
      unit: 'bytes',
      margin: 4096,
      perUpload: { estimate, low: estimate - 9, high: estimate + 9 },
    });
    const leaks = [leak('heap', 9000), leak('anon', 9100), leak('rss', 99_000)];
    const baseline = {
      startedAt: '',
      known: [known('heap', 9000), known('anon', 9100)],
      new: [known('rss', 99_000)],
      grown: [],
      undecided: [],
    };
    expect(closing(leaks, { baseline })).toMatch(
      /^Leak, worse than the baseline\. New: 87\.8 KiB of other resident memory per upload\. Known: 8\.79 KiB of heap per upload, as in the baseline\. Only memory/,
    );
  });

  test('of several scenarios is a sentence for each', () => {
    const hunt = fullHunt();
    const aborted = hunt.scenarios![1]!;
    const both = { ...hunt, scenarios: [aborted, { ...aborted, scenario: 'truncate@50%' }] };
    expect(closingSentence(both)).toMatch(
      /^Leak: each aborted upload .* behind\. Each truncated upload .* behind\.$/,
    );
  });

  test('of several scenarios does not call one undecided that was not measured', () => {
    expect(closingSentence(fullHunt())).toMatch(/ each\. Not measured: stalled uploads\.$/);
  });

  test('of memory alone is told not to be a cache by no number of uploads so far', () => {
    expect(closing([leak('heap', 4096)])).toBe(
      'Leak: each upload leaves 4.00 KiB of heap behind. Only memory grows, over 2,600 uploads so far; a cache with ' +
        'more entries would look the same. --min-uploads 10000 -n 200 would reveal a cache of up to 10,000 entries.',
    );
  });

  test('of memory beside a count of other things needs no such doubt', () => {
    expect(closing([leak('heap', 4096), leak('open-files', 1)])).not.toContain('Only memory');
  });

  test('of exactly one object per upload says so, and one that is named like a cache that it is', () => {
    const objects = leak('heap-objects', 1, {
      reason: 'whole-number',
      perUpload: { estimate: 1, low: 0.99, high: 1.01 },
    });
    expect(closing([leak('heap', 4096), objects])).toContain(
      'Only memory grows, by exactly 1 object per upload, over 2,600 uploads so far; a cache',
    );
    const culprit: Culprit = {
      resource: 'heap',
      kind: 'class',
      source: 'inspector',
      site: { function: 'LRUCache' },
      stack: [],
      perUpload: { estimate: 4096, low: 4000, high: 4200 },
      share: 1,
    };
    expect(closing([leak('heap', 4096)], { culprits: [culprit] })).toContain(
      'so far; LRUCache is named like a cache, and one that is not yet full would look the same.',
    );
    const kept = {
      ...culprit,
      site: { function: '(string)' },
      retainedBy: ['ring (Array) in ring.mjs', '[n] (Object)'],
    };
    expect(closing([leak('heap', 4096)], { culprits: [kept] })).toContain(
      'ring (Array) is named like a cache',
    );
    const none = { ...culprit, site: { function: '(string)' }, retainedBy: ['Spring (Object)'] };
    expect(closing([leak('heap', 4096)], { culprits: [none] })).toContain('a cache with more entries');
  });

  test('that ended the hunt leaves the rest not decided, and says what decides it', () => {
    const open = row('heap', { verdict: 'inconclusive', reason: 'too-noisy', moreUploads: 300 });
    const hunt = huntOf([open, leak('goroutines', 1, { reason: 'whole-number' })], {
      verdict: 'leak',
      end: 'decided',
    });
    expect(closingSentence(hunt)).toBe(
      'Leak: each upload leaves 1 goroutine behind. Not decided: heap; the hunt stopped once it was certain that ' +
        'goroutines leak. Use --thorough to decide the rest.',
    );
    expect(wordRows(hunt)[0]).toMatchObject({
      short: 'stopped early',
      long: 'the hunt stopped early, once a leak was certain',
    });
  });
});

describe('rows beside each other', () => {
  test('do not call the memory harmless that something in it leaks', () => {
    const hunt = huntOf(
      [
        row('heap', { reason: 'filled', plateau: { rise: 1e6, uploads: 900 } }),
        leak('heap-objects', 3),
        row('rss', { reason: 'within-margin', margin: 4096 }),
      ],
      { verdict: 'leak' },
    );
    expect(longOf(hunt, 'heap')).toMatch(/then by less than 90 B per upload, but heap objects leak$/);
    expect(wordRows(hunt)[0]!.short).toBe('see heap objects');
    expect(longOf(hunt, 'rss')).toBe('grew by less than 90 B per upload');
    expect(wordRows(hunt)[2]!.short).toBe('grew < 90 B');
  });

  test('say a suspect once, and of the heap only what was shown', () => {
    const suspect = (name: 'anon' | 'rss') =>
      leak(name, 9000, { verdict: 'suspect', decisive: false, margin: 4096 });
    expect(suspectsInWords(huntOf([row('heap', {}), suspect('anon'), suspect('rss')]))).toEqual([
      'anonymous memory grows by 8.79 KiB per upload while heap grew by less than 90 B per upload (97.5% confidence): pages that the allocator keeps, or native memory',
    ]);
    const open = row('heap', { verdict: 'inconclusive', reason: 'too-noisy' });
    expect(suspectsInWords(huntOf([open, suspect('anon')]))[0]).toContain('and heap is inconclusive');
    expect(suspectsInWords(huntOf([suspect('anon')]))[0]).toContain('and the heap was not read');
  });
});

describe('what is not decided', () => {
  const open = (reason: ResourceRecord['reason'], more: Partial<ResourceRecord> = {}) =>
    row('heap', { verdict: 'inconclusive', reason, ...more });
  const closing = (
    rows: ResourceRecord[],
    load: Partial<ScenarioRecord['load']> = {},
    more: Partial<Hunt> = {},
  ) => {
    const hunt = huntOf(rows, { verdict: 'inconclusive', ...more });
    return closingSentence({ ...hunt, load: { ...hunt.load, ...load } });
  };

  test('is promised to be decided by no fewer uploads than the next look comes after', () => {
    expect(closing([open('too-noisy', { moreUploads: 100 })], { rounds: 8 }, { end: 'time-limit' })).toBe(
      'Inconclusive: heap (too noisy to tell). About 800 more uploads should decide it: raise --time-limit.',
    );
  });

  test('is promised nothing a second time: what helps is larger rounds', () => {
    expect(closing([open('too-noisy', { moreUploads: 100 })], { rounds: 24 }, { end: 'time-limit' })).toBe(
      'Inconclusive: heap (too noisy to tell). Larger rounds (-n 400) would help more than additional rounds of 100.',
    );
  });

  test('is promised what a number of uploads does decide: whether it is a cache of fewer entries', () => {
    expect(
      closing([open('may-be-filling', { moreUploads: 100 })], { rounds: 19 }, { end: 'time-limit' }),
    ).toContain('About 500 more uploads should decide it');
  });

  test('names each resource once, and what they have in common once', () => {
    const others = (['goroutines', 'threads', 'sockets', 'open-files'] as const).map(name =>
      row(name, { verdict: 'inconclusive', reason: 'too-few-rounds' }),
    );
    expect(closing([open('too-few-rounds'), ...others], { rounds: 3 }, { end: 'rounds-done' })).toBe(
      'Inconclusive: heap, goroutines, threads and 2 more (too few rounds). About 500 more uploads should decide it: allow ' +
        'more than 3 rounds (--rounds, --max-rounds).',
    );
  });

  test.each<[ResourceRecord, string]>([
    [
      open('near-margin', { perUpload: { estimate: 250, low: 230, high: 270 }, moreUploads: 100 }),
      'heap (grows by 230 to 270 B per upload: more than zero, close to the 256 B margin). With --max-growth heap=200B it would be a leak; with 300B, flat.',
    ],
    [
      open('drains', { rest: { seconds: 8, before: 12 * KiB * KiB, after: KiB * KiB } }),
      'heap (drains: from 12.0 MiB to 1.00 MiB within 8.0 s of the last upload).',
    ],
    [open('drains'), 'heap (drains on its own after the last upload).'],
    [
      open('backlog'),
      'heap (the target was still busy when its rest ended, perhaps with these uploads). Use --rate to send uploads no faster than the target handles them.',
    ],
    [
      row('anon', { verdict: 'inconclusive', reason: 'not-collected' }),
      'anonymous memory (may be garbage that has not been collected yet). To read the heap: serve net/http/pprof, or give its address with --probe pprof=HOST:PORT.',
    ],
    [open('probe-lost'), 'heap (its probe stopped answering).'],
  ])('says what it is and what helps: $reason', (resource, words) => {
    expect(closing([resource])).toBe(`Inconclusive: ${words}`);
  });

  test('of several scenarios is told what decides them all, where that is the same', () => {
    const hunt = huntOf([open('too-noisy', { moreUploads: 100 })], { verdict: 'inconclusive' });
    const scenarios = ['complete', 'stall'].map(scenario => ({ ...hunt, scenario }));
    expect(closingSentence({ ...hunt, scenarios })).toBe(
      'Inconclusive: complete uploads and stalled uploads. Larger rounds (-n 400) would help more than additional rounds of 100.',
    );
  });

  test('of a hunt that was interrupted is given no advice', () => {
    const part = huntOf([open('too-noisy', { moreUploads: 100 })], {
      verdict: 'inconclusive',
      end: 'interrupted',
    });
    expect(sentenceOf(part)).toBe('Inconclusive: heap (too noisy to tell).');
  });
});
