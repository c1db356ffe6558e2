import { describe, expect, test } from 'vitest';
import type { Hunt } from '../../src/record/record.js';
import { annotations, inert } from '../../src/reports/github.js';
import { closingSentence } from '../../src/reports/text/verdict.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';
import { hostileHunt, hostileLoss } from './hostile-hunt.js';

const lines = (text: string) => text.split('\n').slice(0, -1);

function leakAt(file: string): Hunt {
  const { scenarios: _, ...hunt } = fullHunt();
  const [culprit] = hunt.culprits;
  return {
    ...hunt,
    scenario: 'complete',
    culprits: [{ ...culprit!, site: { function: 'keep', file, line: 12 } }],
  };
}

describe('annotations of a workflow run', () => {
  test('are an error for a leak, a warning for no verdict, nothing for a flat server', () => {
    const leak = recordedHunt('leak');
    expect(annotations(leak)).toBe(`::error title=leakhunt%3A leak::${closingSentence(leak)}\n`);
    const open = recordedHunt('inconclusive');
    expect(annotations(open)).toBe(`::warning title=leakhunt%3A inconclusive::${closingSentence(open)}\n`);
    expect(annotations(recordedHunt('flat'))).toBe('');
  });

  test('of several scenarios tell each one that is not flat', () => {
    const told = lines(annotations(fullHunt()));
    expect(told.map(line => /^::(\w+)/.exec(line)![1])).toEqual(['error', 'error', 'error']);
    expect(told[2]).toContain('title=leakhunt%3A not measured::Not measured: Process 19281 ended');
  });

  test.each([
    ['src/upload.js', undefined, 'src/upload.js'],
    ['./src/upload.js', undefined, 'src/upload.js'],
    ['/home/me/app/src/upload.js', '/home/me/app/', 'src/upload.js'],
    ['file:///home/me/app/src/upload.js', '/home/me/app', 'src/upload.js'],
  ])('stand at the culprit in %s', (file, workspace, path) => {
    expect(annotations(leakAt(file), workspace)).toMatch(`::error file=${path},line=12,title=`);
  });

  test.each([
    '/usr/lib/x.js',
    'node:internal/stream.js',
    '/w/node_modules/a/b.js',
    '../x.js',
    'example.com/app/main.go',
    'v8',
  ])('stand at no file outside the checkout: %s', file => {
    expect(annotations(leakAt(file), '/w')).toMatch(/^::error title=/);
  });

  test.each([
    ['hostile', hostileHunt()],
    ['lost and hostile', hostileLoss()],
  ])('are as many commands as were meant, whatever a target says: %s', (_, hunt) => {
    const told = lines(annotations(hunt));
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(10);
    for (const line of told) expect(line).toMatch(/^::error [^:\r]*::[^\r]*$/);
  });

  test('escape what would end a property or a message', () => {
    const hunt = leakAt('a,b:c/100%.js');
    expect(annotations(hunt)).toContain('file=a%2Cb%3Ac/100%25.js,line=12');
  });
});

test('a report holds no line that the runner would take for a command', () => {
  const text = inert('a\n::error::x\n  ::set-output name=a::b\n##[error]x\nfine :: here\n');
  expect(text).not.toMatch(/^\s*(::|##\[)/m);
  expect(text).toContain('fine :: here');
});
