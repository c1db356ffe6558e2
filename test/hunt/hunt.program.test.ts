import { describe, expect, onTestFinished, test } from 'vitest';
import { type Hunt, type HuntOptions, hunt } from '../../src/index.js';
import { type DemoLeak, startDemo } from '../../src/target/demo/demo.js';

/** The built-in server, a real Node process, as it keeps one thing of each upload. */
async function demo(leak: DemoLeak) {
  const target = await startDemo(leak);
  onTestFinished(() => target.stop());
  return target;
}

async function huntDemo(leak: DemoLeak, options: Partial<HuntOptions> = {}): Promise<Hunt> {
  const { url, inspector } = await demo(leak);
  return hunt({
    url,
    probes: [`inspector=${inspector}`, 'auto'],
    fixture: { kind: 'text', size: 10_000, seed: 1 },
    ...options,
  });
}

const resource = ({ resources }: Hunt, name: string) => resources.find(each => each.name === name)!;

describe('the built-in server', () => {
  test('that keeps every body leaks array buffers of the size of the file', async () => {
    const record = await huntDemo('buffers', { minUploads: 0 });
    expect(record).toMatchObject({ verdict: 'leak', exitCode: 1, target: { runtime: 'node' } });
    const { perUpload, verdict } = resource(record, 'array-buffers');
    expect(verdict).toBe('leak');
    expect(perUpload.low).toBeGreaterThan(9900);
    expect(perUpload.high).toBeLessThan(10_100);
    const keeper = record.culprits.find(({ resource }) => resource === 'array-buffers')!;
    expect(keeper.site.function).toBe('Buffer');
    expect(keeper.instances!.estimate).toBeCloseTo(1, 1);
    expect(keeper.retainedBy![0]).toMatch(/^recentUploads \(Array\) in demo-server\.js$/);
    expect(record.rounds.filter(({ kind }) => kind === 'snapshot')).toHaveLength(3);
  });

  test.runIf(process.platform === 'linux')('that closes no file leaks one open file per upload', async () => {
    const record = await huntDemo('files');
    expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
    const { perUpload } = resource(record, 'open-files');
    expect([perUpload.low > 0.95, perUpload.high < 1.05]).toEqual([true, true]);
    expect(resource(record, 'sockets').verdict).toBe('flat');
    // A whole number is sure at the first look; what else there is need not be decided.
    expect(record).toMatchObject({ end: 'decided', load: { rounds: 8 } });
    const rests = record.rounds.filter(({ kind }) => kind === 'rest');
    expect(rests.every(({ sent }) => sent === 0)).toBe(true);
    expect(rests.length).toBeGreaterThan(1);
    const { seconds, before, after } = resource(record, 'open-files').rest!;
    expect(seconds).toBeGreaterThan(4.5);
    expect([before, after]).toEqual([expect.closeTo(1000, -2), before]);
  });

  test('that keeps nothing is flat', async () => {
    const record = await huntDemo('none');
    expect(record).toMatchObject({ verdict: 'flat', exitCode: 0 });
    expect(record.resources.filter(({ verdict }) => verdict === 'leak')).toEqual([]);
    expect(record.culprits).toEqual([]);
  });
});

describe('the record', () => {
  test('holds every reading of every round, warm-up and blank rounds marked', async () => {
    const record = await huntDemo('none', { rounds: 3, uploadsPerRound: 10, warmUpRounds: 1 });
    expect(record.rounds.map(({ kind }) => kind)).toEqual([
      ...['start', 'warm-up', 'blank', 'blank', 'blank'],
      ...['upload', 'upload', 'blank', 'upload'],
    ]);
    const { points } = resource(record, 'heap');
    expect(points.map(({ uploads }) => uploads)).toEqual([0, 10, 10, 10, 10, 20, 30, 30, 40]);
    expect(points.map(({ round }) => round)).toEqual(record.rounds.map(({ kind }) => kind));
    expect(record.load).toMatchObject({
      sent: 40,
      completed: 40,
      failed: 0,
      statuses: { 200: 40 },
      rounds: 3,
      warmUpRounds: 1,
    });
    expect(record.self.peakRssBytes).toBeGreaterThan(10e6);
  });

  test('survives being written as JSON', async () => {
    const record = await huntDemo('none', { rounds: 3, uploadsPerRound: 5 });
    const read = JSON.parse(JSON.stringify(record));
    expect(read).toMatchObject({ schemaVersion: 1, verdict: record.verdict, exitCode: record.exitCode });
    expect(JSON.stringify(read)).not.toContain('null,"high"');
  });

  test('of a target that dies in the middle of a round holds what was measured until then, and says so', async () => {
    const { url, pid } = await demo('none');
    let readings = 0;
    const record = await hunt({
      url,
      uploadsPerRound: 20,
      fixture: { kind: 'text', size: 1000, seed: 1 },
      onEvent: event => {
        if (event.type === 'reading') readings += 1;
        if (event.type === 'upload' && event.done === 5 && readings === 9) process.kill(pid, 'SIGKILL');
      },
    });
    expect(record).toMatchObject({ exitCode: 4, end: 'target-lost', error: { code: 'TARGET_LOST' } });
    expect(record.load.failed).toBeGreaterThan(0);
    expect(record.rounds).toHaveLength(10);
    expect(record.resources[0]!.points).toHaveLength(9);
  });

  test('of a hunt that is told to end holds a verdict of what there is', async () => {
    const controller = new AbortController();
    const { url } = await demo('none');
    const record = await hunt({
      url,
      signal: controller.signal,
      uploadsPerRound: 10,
      fixture: { kind: 'text', size: 1000, seed: 1 },
      onEvent: event => event.type === 'round' && event.round === 3 && controller.abort(),
    });
    expect(record).toMatchObject({ exitCode: 130, end: 'interrupted' });
    expect(record.resources.length).toBeGreaterThan(0);
  });
});

describe('leakhunt itself', () => {
  test('sends a file of any size in bounded memory', async () => {
    const { url, inspector } = await demo('none');
    const before = process.memoryUsage().rss;
    const record = await hunt({
      url,
      probes: [`inspector=${inspector}`],
      rounds: 3,
      warmUpRounds: 0,
      uploadsPerRound: 2,
      concurrency: 2,
      fixture: { kind: 'random', size: 100_000_000, seed: 1 },
    });
    expect(record.load.completed).toBe(6);
    expect(process.memoryUsage().rss - before).toBeLessThan(120e6);
  });
});
