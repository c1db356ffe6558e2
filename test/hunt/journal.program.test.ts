import { describe, expect, test } from 'vitest';
import { Beginning } from '../../src/hunt/beginning.js';
import type { HuntEvent } from '../../src/hunt/events.js';
import { hunt } from '../../src/hunt/hunt.js';
import { Journal } from '../../src/hunt/journal.js';
import type { JournalLine } from '../../src/hunt/journal-line.js';
import { recordFrom } from '../../src/hunt/journal-record.js';
import type { Hunted } from '../../src/hunt/measured.js';
import type { HuntOptions } from '../../src/hunt/options.js';
import { planHunt } from '../../src/hunt/plan.js';
import { Reader } from '../../src/probes/reader.js';
import { countingServer } from '../support/counting.js';
import { bodyOf, serve } from '../support/servers.js';

/** A hunt with its journal, as it comes back from a file. */
async function huntWithJournal(options: Partial<HuntOptions> = {}) {
  const { url, probe } = await countingServer(1);
  const lines: string[] = [];
  const onEvent = (event: HuntEvent) => {
    if (event.type === 'journal') lines.push(JSON.stringify(event.line));
  };
  const short = { uploadsPerRound: 10, concurrency: 2, settle: 0.01, warmUpRounds: 1, drain: '0.1' };
  const fixture = { kind: 'text', size: 1000, seed: 1 } as const;
  const record = await hunt({ url, ...short, fixture, probes: [probe], onEvent, ...options });
  return { record, lines: lines.map(line => JSON.parse(line) as JournalLine), text: lines.join('\n') };
}

describe('the record that is made of a journal', () => {
  test('holds what the hunt itself says, but for its end', async () => {
    const { record, lines } = await huntWithJournal();
    const made = JSON.parse(JSON.stringify(recordFrom(lines)));
    const { rounds, resources, load, target, verdict, peak, churn } = JSON.parse(JSON.stringify(record));
    expect(made).toMatchObject({ rounds, resources, load, target, verdict, peak, churn });
    expect(made).toMatchObject({ end: 'interrupted', exitCode: 130, culprits: [] });
    expect(rounds.some(({ kind }: { kind: string }) => kind === 'rest')).toBe(true);
  });

  test('holds every scenario that had begun', async () => {
    const { record, lines } = await huntWithJournal({
      scenarios: 'complete,reject',
      rounds: 3,
      maxFailed: 1,
    });
    const made = recordFrom(lines)!;
    expect(made.scenarios?.map(({ scenario }) => scenario)).toEqual(['complete', 'reject']);
    expect(made.scenarios?.map(({ rounds }) => rounds.length)).toEqual(
      record.scenarios?.map(({ rounds }) => rounds.length),
    );
  });

  test('ends where the journal does', async () => {
    const { lines } = await huntWithJournal({ rounds: 3 });
    const readings = lines.filter(({ type }) => type === 'reading');
    const cut = lines.slice(0, lines.indexOf(readings[4]!) + 1);
    expect(recordFrom(cut)?.rounds.length).toBe(5);
    expect(recordFrom(cut)?.resources[0]?.points.length).toBe(5);
  });

  test('is none where nothing was read', async () => {
    const { lines } = await huntWithJournal({ rounds: 3 });
    expect(recordFrom(lines.slice(0, 1))).toBeUndefined();
    expect(recordFrom([])).toBeUndefined();
  });

  test('is told of readings that the reader puts right later', () => {
    const lines: JournalLine[] = [];
    const journal = new Journal({
      plan: planHunt({ url: 'http://127.0.0.1/' }),
      requests: [{ url: new URL('http://127.0.0.1/'), headers: [], body: { size: 1 } }],
      reader: new Reader([], { settle: 1, tolerance: {} }),
      probes: [],
      began: new Beginning(),
      emit: (event: HuntEvent) => event.type === 'journal' && lines.push(event.line),
    } as unknown as Hunted);
    const step = { kind: 'upload', round: 1, look: false, size: 0, balanced: true } as const;
    const roundOf = (files: number) => {
      const reading = { kind: 'upload', uploads: 0, seconds: 0, values: { 'temp-files': files } } as const;
      return { step, seconds: 0, readingSeconds: 0, reading: { ...reading, values: { ...reading.values } } };
    };
    const first = roundOf(3);
    journal.beginScenario('complete');
    journal.take(first);
    first.reading.values['temp-files'] = 1;
    journal.take(roundOf(1));
    expect(lines.map(({ type }) => type)).toEqual(['reading', 'revised', 'reading']);
    expect(lines[1]).toMatchObject({ index: 0, reading: { values: { 'temp-files': 1 } } });
  });

  test('takes a reading as it was put right later', async () => {
    const { lines } = await huntWithJournal({ rounds: 3 });
    const first = lines.find(line => line.type === 'reading')!;
    const reading = { ...first.reading, values: { 'open-files': 3 } };
    const made = recordFrom([...lines, { type: 'revised', scenario: 'complete', index: 0, reading }])!;
    expect(made.resources[0]?.points[0]?.value).toBe(3);
  });
});

test('no secret is in a journal, though the target repeats it', async () => {
  const origin = await serve(async (request, response) => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json').end('{ "open": 7 }');
      return;
    }
    await bodyOf(request);
    response.end(`the key is ${request.headers['x-api-key']}\n`);
  });
  const { text } = await huntWithJournal({
    url: `${origin}/upload?token=s3cr3t-in-query`,
    probes: [`json=${origin}/stats#/open;name=open-files`],
    rounds: 3,
    headers: [['X-Api-Key', 's3cr3t-in-header']],
  });
  expect(text).toContain('the key is ***');
  expect(text).not.toContain('s3cr3t');
});
