import { expect, test } from 'vitest';
import { withoutRepetition } from '../../src/probes/sources/jfr-print.js';

test('what a recording says of every class is left out, and the rest is the same JSON', () => {
  const loader = { type: { classLoader: { type: null, name: 'bootstrap' }, name: 'Loader' }, name: 'app' };
  const type = (classLoader: unknown) => ({
    classLoader,
    name: 'Upload',
    package: classLoader,
    modifiers: 1,
  });
  const event = (classLoader: unknown) => ({ eventThread: classLoader, object: { type: type(classLoader) } });
  const recording = (classLoader: unknown) => ({
    recording: { events: [event(classLoader), event(classLoader)], group: classLoader },
  });
  const lines: string[] = [];
  const keep = withoutRepetition(line => lines.push(line));
  // As the JDK writes it, with a blank behind each comma.
  for (const line of JSON.stringify(recording(loader), null, 2).split('\n')) keep(line.replace(/,$/, ', '));
  expect(JSON.parse(lines.join('\n'))).toEqual(recording(null));
});
