import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { metricOf, parseDrain } from '../../src/hunt/drain.js';
import { json } from '../../src/probes/sources/json.js';

test.each([
  ['30', { seconds: 30 }],
  ['2.5s', { seconds: 2.5 }],
  ['queue_depth=0', { metric: 'queue_depth', value: 0 }],
  ['/queue/depth=-1.5', { metric: '/queue/depth', value: -1.5 }],
])('--drain %s is understood', (text, expected) => expect(parseDrain(text)).toEqual(expected));

test.each(['', '0', '-5', 'soon', 'queue_depth=', '=0', 'queue_depth=none'])('--drain "%s" is not', text => {
  expect(() => parseDrain(text)).toThrow(/--drain ".*" is neither a number of seconds nor a metric/);
});

async function server(pages: Record<string, string>) {
  const listening = createServer((request, response) => {
    const page = pages[request.url!];
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void listening.close());
  return { url: new URL(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/upload`), ports: [] };
}

test('a metric is found on the page of metrics, all its series together, although the page tells of no memory', async () => {
  const target = await server({ '/metrics': 'queue_depth{queue="a"} 2\nqueue_depth{queue="b"} 3\n' });
  const read = await metricOf(parseDrain('queue_depth=0'), target, []);
  expect(await read!()).toBe(5);
});

test('a metric is found on a page of JSON that is read already, by its pointer or its key', async () => {
  const target = await server({ '/stats': '{"used":1,"depth":7,"queue":{"depth":8}}' });
  const probe = await json(target, `${target.url.origin}/stats#/used`);
  for (const [name, value] of [['depth', 7] as const, ['/queue/depth', 8] as const]) {
    const read = await metricOf({ metric: name, value: 0 }, target, [probe]);
    expect(await read!()).toBe(value);
  }
});

test('a metric that the target does not tell is a usage error', async () => {
  const target = await server({ '/metrics': 'queue_length 2\n' });
  const looking = metricOf(parseDrain('queue_depth=0'), target, []);
  await expect(looking).rejects.toMatchObject({ code: 'NO_SUCH_METRIC', exitCode: 2 });
});
