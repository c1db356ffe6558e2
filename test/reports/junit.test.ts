import { readFile } from 'node:fs/promises';
import { parse } from 'junit2json';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Hunt } from '../../src/record/record.js';
import { junit } from '../../src/reports/junit/junit.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';
import { hostileHunt, hostileLoss } from './hostile-hunt.js';

const schema = await readFile(new URL('../../fixtures/schemas/junit.xsd', import.meta.url), 'utf8');

const lost: Hunt = {
  ...recordedHunt('flat'),
  verdict: 'inconclusive',
  end: 'target-lost',
  exitCode: 4,
  error: { code: 'TARGET_LOST', message: 'Process 1 ended during round 4: look at what it wrote last.' },
};
const interrupted: Hunt = { ...recordedHunt('flat'), end: 'interrupted', exitCode: 130 };
const unread: Hunt = { ...recordedHunt('inconclusive'), resources: [] };

async function counted(hunt: Hunt, options = {}) {
  const suites = (await parse(junit(hunt, options)))!;
  if (!('testsuite' in suites)) throw new Error('one suite without a root');
  return suites;
}

describe('JUnit XML', () => {
  test.each(['leak', 'flat', 'inconclusive'])('of a recorded hunt (%s) is as it was', async name => {
    await expect(junit(recordedHunt(name))).toMatchFileSnapshot(`golden/${name}.junit.xml`);
  });

  test.each([
    ['leak', recordedHunt('leak')],
    ['flat', recordedHunt('flat')],
    ['inconclusive', recordedHunt('inconclusive')],
    ['of several scenarios', fullHunt()],
    ['lost', lost],
    ['interrupted', interrupted],
    ['hostile', hostileHunt()],
    ['lost and hostile', hostileLoss()],
  ])('conforms to the schema: %s', async (_, hunt) => {
    const { errors } = await validateXML({ xml: junit(hunt), schema });
    expect(errors).toEqual([]);
  });

  test('is refused by the schema once it is no JUnit any more', async () => {
    const wrong = junit(recordedHunt('flat')).replace('<testcase name=', '<testcase label=');
    expect((await validateXML({ xml: wrong, schema })).valid).toBe(false);
  });

  test.each([
    ['leak', recordedHunt('leak'), {}],
    ['flat', recordedHunt('flat'), {}],
    ['inconclusive', recordedHunt('inconclusive'), {}],
    ['inconclusive, which is allowed', recordedHunt('inconclusive'), { allowInconclusive: true }],
    ['inconclusive without a reading', unread, {}],
    ['several scenarios', fullHunt(), {}],
    ['lost', lost, {}],
    ['interrupted', interrupted, {}],
  ])('fails a CI just where the exit code does: %s', async (_, hunt, options: object) => {
    const passes = hunt.exitCode === 0 || 'allowInconclusive' in options;
    const { failures = 0, errors = 0, testsuite } = await counted(hunt, options);
    expect(failures + errors === 0).toBe(passes);
    const cases = testsuite!.flatMap(suite => suite.testcase ?? []);
    expect(cases.filter(each => each.failure).length).toBe(failures);
    expect(cases.filter(each => each.error).length).toBe(errors);
    expect(cases.length).toBe(testsuite!.reduce((sum, { tests = 0 }) => sum + tests, 0));
  });

  test('has a suite for each scenario and a case for each resource', async () => {
    const { testsuite } = await counted(fullHunt());
    expect(testsuite!.map(({ name }) => name)).toEqual([
      'leakhunt.complete',
      'leakhunt.abort@50%',
      'leakhunt.stall',
    ]);
    const [complete, aborted, stalled] = testsuite!;
    expect(complete!.failures).toBe(0);
    expect(stalled!.testcase!.map(({ error }) => error?.[0]?.type)).toEqual(['TARGET_LOST']);
    const heap = aborted!.testcase!.find(({ name }) => name === 'heap')!;
    expect(heap.failure![0]!.message).toMatch(
      /^Leak: each aborted upload \(abort@50%\) leaves 772 B of heap behind\. Look first at /,
    );
    expect(heap.failure![0]!.inner).toContain('store.(*Index).Put (index.go:43)');
    expect(aborted!.testcase!.find(({ name }) => name === 'rss')!.skipped).toBeDefined();
    expect(aborted!.properties).toContainEqual({ name: 'heap.unit', value: 'bytes' });
    expect(aborted!.properties!.map(({ name }) => name)).toContain('goroutines.per-upload');
  });

  test('of a lost target blames no resource', async () => {
    const { testsuite, failures, errors } = await counted(lost);
    expect([failures, errors]).toEqual([0, 1]);
    expect(testsuite![0]!.testcase!.find(({ error }) => error)!.name).toBe('measured');
  });
});
