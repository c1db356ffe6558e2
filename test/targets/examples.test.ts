import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Example, huntExample, placeIn, prepareExample } from '../support/examples.js';
import { describeWith } from '../support/toolchain.js';

/** A hunt takes seconds, but minutes where other work keeps the machine busy. */
vi.setConfig({ testTimeout: 300_000 });

async function expectFlatJob(example: Example): Promise<void> {
  const { code, output, record } = await huntExample(example, false);
  expect(record.verdict, output).toBe('flat');
  expect(code).toBe(0);
}

async function expectLeakingJob(example: Example, words: string) {
  const { code, output, record } = await huntExample(example, true);
  expect(output.replace(/\s+/g, ' ')).toContain(words);
  expect(code).toBe(1);
  return record;
}

describe('the Node example, hunted by its CI job', () => {
  beforeAll(() => prepareExample('node'));

  test('is flat and passes', () => expectFlatJob('node'));

  test('with LEAK=1 leaks heap, names the function that allocates it and what keeps it, and fails', async () => {
    const { culprits } = await expectLeakingJob('node', 'of heap behind.');
    const places = culprits.map(({ site }) => `${site.file?.split('/').at(-1)}:${site.line}`);
    expect(places).toContain(await placeIn('node', 'server.js', 'function histogramOf'));
    expect(culprits.flatMap(({ retainedBy }) => retainedBy ?? [])).toContain('inProgress (Map) in server.js');
  });
});

describeWith('python', 'the Python example, hunted by its CI job', () => {
  beforeAll(() => prepareExample('python'));

  test('is flat and passes', () => expectFlatJob('python'));

  test('with LEAK=1 leaks a temp file per upload, names the line, and fails', async () => {
    const { culprits } = await expectLeakingJob(
      'python',
      'Leak: each upload leaves 1 temp file behind. Look first at upload (app.py:14).',
    );
    expect(culprits[0]!.site).toMatchObject({ function: 'upload', line: 14 });
  });
});

describeWith('java', 'the Spring example, hunted by its CI job', () => {
  beforeAll(() => prepareExample('spring'));

  test('is flat and passes', () => expectFlatJob('spring'));

  test('with LEAK=1 leaks a thread per upload, and fails', async () => {
    await expectLeakingJob('spring', 'Leak: each upload leaves 1 thread behind.');
  });
});
