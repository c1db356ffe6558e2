import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Chalk } from 'chalk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { survey } from '../../src/hunt/survey.js';
import { discover } from '../../src/probes/discover.js';
import { parseProbe } from '../../src/probes/index.js';
import { surveyReport } from '../../src/reports/terminal/survey.js';
import { startDemo } from '../../src/target/demo/demo.js';
import { locate } from '../../src/target/locate/locate.js';
import { identitiesOf } from '../../src/target/processes/identity.js';
import { serve } from '../support/servers.js';
import { startTarget } from '../support/target.js';

const front = fileURLToPath(new URL('../support/front.mjs', import.meta.url));
const capture = (path: string) =>
  readFileSync(new URL(`../../fixtures/captures/${path}`, import.meta.url), 'utf8');

/** What a Go program or another one tells of itself, at the paths of its pages. */
type Pages = Record<string, (() => string) | undefined>;

const heap = () => capture('pprof/heap.txt');
const goroutine = () => capture('pprof/goroutine.txt');

/** A Node server whose origin shows the pages of another server. */
async function frontOf(pages: Pages, ...args: string[]) {
  const origin = await serve((request, response) => {
    const page = pages[new URL(request.url!, 'http://host').pathname];
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/plain' }).end(page?.());
  });
  const target = await startTarget(process.execPath, [front, origin, ...args]);
  onTestFinished(async () => void (await target.stop()));
  return { ...target, behind: origin };
}

async function find(url: string, ...requests: string[]) {
  const target = await locate(new URL(url), { connectTimeout: 5, insecure: false });
  const found = await discover(target, (requests.length > 0 ? requests : ['auto']).map(parseProbe));
  onTestFinished(async () => {
    await Promise.all(found.probes.map(probe => probe.close?.()));
  });
  return {
    sources: found.probes.map(({ source }) => source),
    doubts: found.probes.flatMap(({ doubt }) => doubt ?? []),
    whyNot: (source: string) => found.missing.find(each => each.source === source),
  };
}

const other = 'other-app\0-x\0--token=hunter22';
const goPages = (command: string | undefined): Pages => ({
  '/debug/pprof/heap': heap,
  '/debug/pprof/goroutine': goroutine,
  '/debug/pprof/cmdline': command === undefined ? undefined : () => command,
});

describe.runIf(process.platform === 'linux')("a source on the upload's own origin", () => {
  test("that is another application's is left out, and named without its secrets", async () => {
    const { url, origin } = await frontOf(goPages(other));
    const { sources, whyNot } = await find(url);
    expect(sources).toEqual(['pid']);
    expect(whyNot('pprof')).toEqual({
      source: 'pprof',
      why: `${origin}/debug/pprof/ reports on "other-app -x --token=***", not on this process`,
      another: true,
    });
  });

  test('is not there either where it is asked for by name alone', async () => {
    const { url } = await frontOf(goPages(other));
    await expect(find(url, 'pprof')).rejects.toMatchObject({
      code: 'NO_SUCH_PROBE',
      message: expect.stringContaining('reports on "other-app -x'),
    });
  });

  test('that tells no command line is not believed to be Go where the process is Node', async () => {
    const { url } = await frontOf(goPages(undefined));
    const { sources, whyNot } = await find(url);
    expect(sources).toEqual(['pid']);
    expect(whyNot('pprof')!.why).toMatch(/reports on a Go program, which is not this process$/);
  });

  test('that tells the command line of the process is used', async () => {
    let command = '';
    const { url, pid } = await frontOf({ ...goPages(undefined), '/debug/pprof/cmdline': () => command });
    command = (await identitiesOf([pid]))[0]!.command;
    expect((await find(url)).sources).toEqual(['pprof', 'pid']);
  });

  test("of Go's expvar is told by the command line too", async () => {
    const vars = { ...JSON.parse(capture('metrics/expvar.json')), cmdline: ['/srv/other-app', '-x'] };
    const { url } = await frontOf({ '/debug/vars': () => JSON.stringify(vars) });
    expect((await find(url)).whyNot('expvar')!.why).toMatch(
      /reports on "other-app -x", not on this process$/,
    );
  });

  test.each([
    ['is used', 0, ['pid', 'prometheus']],
    ['2 s later is used', 2, ['pid', 'prometheus']],
    ['an hour later is left out', 3600, ['pid']],
  ])('of metrics with a start time that %s', async (_, later, expected) => {
    let started = 0;
    const page = () => `process_resident_memory_bytes 1\nprocess_start_time_seconds ${started + later}\n`;
    const { url, pid } = await frontOf({ '/metrics': page });
    started = (await identitiesOf([pid]))[0]!.starts[0]!;
    const { sources, whyNot } = await find(url);
    expect(sources).toEqual(expected);
    if (later > 2)
      expect(whyNot('prometheus')!.why).toMatch(/reports on a process that started at \d{4}-.*Z, not/);
  });

  test('of metrics that tell no start is used, for the process itself serves them', async () => {
    const { url } = await frontOf({ '/metrics': () => 'process_resident_memory_bytes 1\n' });
    expect((await find(url)).sources).toEqual(['pid', 'prometheus']);
  });

  test.each([
    ['its metrics', (started: number) => ({ '/actuator/metrics/process.start.time': started })],
    ['its page for Prometheus', (started: number) => ({ '/actuator/prometheus': started })],
  ])('of Spring Boot is told by the start time in %s', async (_, pagesOf) => {
    const measured = (value: number) => () => JSON.stringify({ measurements: [{ value }] });
    const pages = Object.entries(pagesOf(1_000_000)).map(([path, started]): [string, () => string] => [
      path,
      path.endsWith('prometheus')
        ? () => `process_files_open_files 1\nprocess_start_time_seconds ${started}\n`
        : measured(started),
    ]);
    const heapPage = pages[0]![0].includes('metrics')
      ? { '/actuator/metrics/jvm.memory.used': measured(1) }
      : {};
    const { url } = await frontOf({ ...heapPage, ...Object.fromEntries(pages) });
    expect((await find(url)).whyNot('actuator')!.why).toMatch(
      /reports on a process that started at 1970-01-12T13:46:40Z, not on this process$/,
    );
  });

  test('is used as it is where the process is not in sight', async () => {
    const { origin } = await frontOf(goPages(other));
    const target = { url: new URL(`${origin}/upload`), ports: [], unseen: 'it is on another machine' };
    const { probes } = await discover(target, ['auto']);
    expect(probes.map(({ source }) => source)).toEqual(['pprof']);
  });

  test('never lets a survey say that nothing could be better', async () => {
    const { url } = await frontOf(goPages(other));
    const report = surveyReport(await survey({ url }), {
      width: 100,
      colour: new Chalk({ level: 0 }),
      unicode: true,
    });
    expect(report.replace(/\s+/g, ' ')).toContain('if the target serves its own pprof, name its address');
    expect(report).not.toMatch(/Tip +none needed/);
  });
});

describe.runIf(process.platform === 'linux')('a source that is named with its address', () => {
  test('is read though it is another process’s, and that is said', async () => {
    const { url } = await frontOf({});
    const demo = await startDemo('none');
    onTestFinished(() => demo.stop());
    const { sources, doubts } = await find(url, `inspector=${demo.inspector}`);
    expect(sources).toEqual(['inspector']);
    expect(doubts).toEqual([
      expect.stringMatching(new RegExp(`reports on "node .*\\(pid ${demo.pid}\\), not on this process`)),
    ]);
  });

  test('is read without a word where it is the target’s', async () => {
    const demo = await startDemo('none');
    onTestFinished(() => demo.stop());
    expect((await find(demo.url, `inspector=${demo.inspector}`)).doubts).toEqual([]);
  });
});
