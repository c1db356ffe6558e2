import { describe, expect, test } from 'vitest';
import { json } from '../../src/probes/sources/json.js';
import { serve } from '../support/servers.js';

const target = { url: new URL('http://127.0.0.1:1'), ports: [] };

/** A page with one value of each kind. */
const page = {
  memory: { heapUsed: 1536, 'a/b~c d': 7, half: 1.5 },
  list: [10, 20],
  '': 4,
  text: '12',
  nothing: null,
  yes: true,
};

const serveJson = (text = JSON.stringify(page)) => serve((_, response) => response.end(text));

async function valuesAt(fragment: string) {
  const probe = await json(target, `${await serveJson()}/stats${fragment}`);
  return (await probe.read()).values;
}

describe('a number of a JSON page', () => {
  test.each([
    ['#/memory/heapUsed', { heap: 1536 }],
    ['#/memory/heapUsed;name=array-buffers', { 'array-buffers': 1536 }],
    ['#/memory/heapUsed;unit=KiB;name=rss', { rss: 1536 * 1024 }],
    ['#/memory/half;name=rss;unit=MB', { rss: 1.5e6 }],
    ['#/list/1;name=goroutines', { goroutines: 20 }],
    ['#/list/1;name=goroutines;unit=count', { goroutines: 20 }],
    ['#/memory/a~1b~0c%20d', { heap: 7 }],
    ['#/', { heap: 4 }],
  ])('is found at %s', async (fragment, values) => {
    expect(await valuesAt(fragment)).toEqual(values);
  });

  test('may be the whole page', async () => {
    const probe = await json(target, await serveJson('42'));
    expect((await probe.read()).values).toEqual({ heap: 42 });
  });

  test.each([
    ['#/memory/missing', 'nothing'],
    ['#/list/2', 'nothing'],
    ['#/list/01', 'nothing'],
    ['#/list/length', 'nothing'],
    ['#/constructor', 'nothing'],
    ['#/text', 'a string'],
    ['#/nothing', 'null'],
    ['#/yes', 'a boolean'],
    ['#/list', 'an array'],
    ['#/memory', 'an object'],
    ['', 'an object'],
  ])('is not there where %j leads to %s', async (fragment, kind) => {
    await expect(valuesAt(fragment)).rejects.toMatchObject({
      name: 'NotThere',
      message: expect.stringContaining(`the pointer "${fragment.slice(1)}" of`),
    });
    await expect(valuesAt(fragment)).rejects.toThrow(`leads to ${kind}, not to a finite number`);
  });

  test('that becomes infinite, or disappears, is an error that names the pointer', async () => {
    let text = '{"used": 5}';
    const origin = await serve((_, response) => response.end(text));
    const probe = await json(target, `${origin}/stats?key=s3cret#/used`);
    for (const broken of ['{"used": 1e400}', '{}']) {
      text = broken;
      await expect(probe.read()).rejects.toMatchObject({
        code: 'PROBE_FAILED',
        message: expect.stringContaining(`the pointer "/used" of ${origin}/stats?key=***`),
      });
    }
  });

  test('is not there without an address', async () => {
    await expect(json(target)).rejects.toThrow("it needs an address: --probe 'json=");
  });

  test.each([
    ['#/a;name=memory', 'use one of heap, heap-objects'],
    ['#/a;unit=kbit', 'not a unit of heap: use bytes, kB, KiB, MB, MiB'],
    ['#/a;unit=count', 'not a unit of heap'],
    ['#/a;unit=MB;name=threads', 'not a unit of threads: use count'],
    ['#/a;nmae=rss', 'no setting ";nmae=": use name or unit'],
    ['#a', 'not a JSON pointer'],
    ['#/a~2', 'not a JSON pointer'],
    ['#/100%', 'not a JSON pointer'],
  ])('with %s is a usage error', async (fragment, words) => {
    await expect(json(target, `http://127.0.0.1:1/${fragment}`)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(words),
    });
  });
});
