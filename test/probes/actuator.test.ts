import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { actuator } from '../../src/probes/sources/actuator.js';
import { serve } from '../support/servers.js';

/** Recorded from Spring Boot 3.5 (Micrometer 1.15, JDK 17). */
const capture = (name: string) =>
  readFile(new URL(`../../fixtures/captures/metrics/${name}`, import.meta.url), 'utf8');

const names = [
  'jvm.memory.used',
  'jvm.buffer.memory.used',
  'jvm.threads.live',
  'process.files.open',
  'process.start.time',
];

/** An actuator that exposes what is in `pages`, by path; what was asked of it. */
async function serveActuator(pages: Record<string, string>) {
  const asked: string[] = [];
  const origin = await serve((request, response) => {
    asked.push(request.url!);
    const page = pages[new URL(request.url!, 'http://host').pathname];
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  return { target: { url: new URL(`${origin}/upload`), ports: [] }, origin, asked, pages };
}

async function serveMetrics(folder: string) {
  const pages = await Promise.all(names.map(name => capture(`actuator/${name}.json`)));
  return serveActuator(Object.fromEntries(names.map((name, i) => [`${folder}/metrics/${name}`, pages[i]!])));
}

describe("Spring Boot's actuator", () => {
  test('gives heap, direct buffers, threads and open files, metric by metric', async () => {
    const { target, asked } = await serveMetrics('/actuator');
    const probe = await actuator(target);
    asked.length = 0;
    expect(await probe.read()).toEqual({
      values: { heap: 28_413_080, 'direct-buffers': 81_920, threads: 22, 'open-files': 66 },
      identity: '1795397942.952',
    });
    expect(asked).toEqual([
      '/actuator/metrics/jvm.memory.used?tag=area:heap',
      '/actuator/metrics/jvm.buffer.memory.used?tag=id:direct',
      '/actuator/metrics/jvm.threads.live',
      '/actuator/metrics/process.files.open',
      '/actuator/metrics/process.start.time',
    ]);
  });

  test('may lie elsewhere', async () => {
    const { origin } = await serveMetrics('/manage');
    const probe = await actuator({ url: new URL('http://127.0.0.1:1'), ports: [] }, `${origin}/manage`);
    expect(probe.endpoint).toBe(`${origin}/manage/metrics/`);
  });

  test('is read as a Prometheus page where it exposes no metrics', async () => {
    const { target } = await serveActuator({ '/actuator/prometheus': await capture('micrometer.txt') });
    const probe = await actuator(target);
    expect(probe).toMatchObject({ source: 'actuator', endpoint: `${target.url.origin}/actuator/prometheus` });
    expect(await probe.read()).toMatchObject({
      values: { heap: 29_461_656, 'direct-buffers': 81_920, threads: 22, 'open-files': 66 },
      identity: '1795397942.952',
    });
  });

  test('leaves out a metric that this JVM does not have', async () => {
    const { target, pages } = await serveMetrics('/actuator');
    delete pages['/actuator/metrics/process.files.open'];
    const { values } = await (await actuator(target)).read();
    expect(values['open-files']).toBeUndefined();
    expect(values.threads).toBe(22);
  });

  test('that gives no number is an error that names the metric', async () => {
    const { target, pages } = await serveMetrics('/actuator');
    const probe = await actuator(target);
    pages['/actuator/metrics/jvm.threads.live'] = '{"measurements":[{"statistic":"VALUE","value":"NaN"}]}';
    await expect(probe.read()).rejects.toMatchObject({
      code: 'PROBE_FAILED',
      message: expect.stringMatching(/jvm\.threads\.live has no number/),
    });
  });

  test('is not there where neither is exposed, and says what both answered', async () => {
    const { target } = await serveActuator({});
    await expect(actuator(target)).rejects.toMatchObject({
      name: 'NotThere',
      message: expect.stringMatching(/jvm\.memory\.used\S* answered 404 and \S+\/prometheus answered 404$/),
    });
  });
});
