import { describe, expect, test } from 'vitest';
import { paceWarning } from '../../src/hunt/assemble.js';
import { warningsOf } from '../../src/hunt/warnings.js';
import { type Advised, wayToTheHeap } from '../../src/probes/catalogue.js';
import type { Survey } from '../../src/record/survey.js';
import { adviceFor } from '../../src/reports/terminal/survey.js';
import { adviceFor as openAdvice } from '../../src/reports/text/advice.js';
import type { Runtime } from '../../src/target/processes/runtime.js';
import { settingsIn } from '../../src/target/processes/settings.js';

/** A command line and variables of a target, as a shell has them: `NODE_OPTIONS='--inspect=0' node server.js`. */
interface State {
  runtime: Runtime;
  args?: string[];
  env?: Record<string, string>;
  jdk?: boolean;
}

function advised({ runtime, args = [], env = {}, jdk }: State): Advised {
  return { runtime, settings: settingsIn(runtime, { args, env, jdk }) };
}

/** What each state is to be told about its heap, and what it must not be told. */
const table: [name: string, state: State, told: string | undefined, never: RegExp[]][] = [
  ['Node as it is', { runtime: 'node', args: ['node', 'server.js'] }, 'node --inspect', []],
  [
    'Node with its inspector on by an argument',
    { runtime: 'node', args: ['node', '--inspect=127.0.0.1:0', 'server.js'] },
    '--probe inspector=HOST:PORT',
    [/node --inspect/, /--start/, /--allow-signals/],
  ],
  [
    'Node with its inspector on by its environment',
    { runtime: 'node', args: ['node', 'server.js'], env: { NODE_OPTIONS: '--no-warnings --inspect' } },
    '--probe inspector=HOST:PORT',
    [/node --inspect/, /--start/],
  ],
  [
    'Node whose program, not Node itself, has a flag of that name',
    { runtime: 'node', args: ['node', 'server.js', '--inspect'] },
    'node --inspect',
    [],
  ],
  [
    'Node that takes no signal',
    { runtime: 'node', args: ['node', '--disable-sigusr1', 'server.js'] },
    'node --inspect',
    [/--allow-signals/],
  ],
  ['Bun, whose inspector is another', { runtime: 'node', args: ['bun', 'server.ts'] }, undefined, []],
  ['Go', { runtime: 'go', args: ['./server'] }, 'net/http/pprof', [/inspect/, /jcmd/]],
  ['a JVM without a JDK', { runtime: 'java', args: ['java', '-jar', 'a.jar'] }, 'Install a JDK', []],
  [
    'a JVM where jcmd is installed',
    { runtime: 'java', args: ['java', '-jar', 'a.jar'], jdk: true },
    'as the user that the JVM runs as',
    [/Install/],
  ],
  [
    'a JVM that lets no tool attach',
    { runtime: 'java', args: ['java', '-XX:+DisableAttachMechanism'], jdk: true },
    'without -XX:+DisableAttachMechanism',
    [/Install/, /user/],
  ],
  [
    'a JVM of which the last flag counts',
    {
      runtime: 'java',
      args: ['java', '-XX:-DisableAttachMechanism'],
      env: { JAVA_TOOL_OPTIONS: '-XX:+DisableAttachMechanism' },
      jdk: true,
    },
    'as the user that the JVM runs as',
    [/DisableAttachMechanism/],
  ],
  ['Ruby', { runtime: 'ruby' }, 'GC.stat', [/inspect/, /pprof/, /jcmd/]],
  ['.NET', { runtime: 'dotnet' }, 'GC.GetTotalMemory', [/inspect/, /pprof/, /jcmd/]],
];

describe('the way to the heap follows the state of the target:', () => {
  test.each(table)('%s', (_, state, told, never) => {
    const way = wayToTheHeap(advised(state));
    if (told === undefined) expect(way).toBeUndefined();
    else expect(way).toContain(told);
    for (const pattern of never) expect(way).not.toMatch(pattern);
  });

  test.each(table)('in the warning of a hunt, %s', (_, state, told, never) => {
    const reader = { lost: [], unprofiled: [], implausible: [], undecided: [], sourceOf: new Map() };
    const experiment = { missed: { stopped: 0, asleep: 0 }, profiles: { unread: [] }, rounds: [] };
    const plan = { maxMemory: 1e9, maxDisk: 1e9, uploadsPerRound: 100, concurrency: 10, start: undefined };
    const [warning] = warningsOf(
      { ...reader, processes: 1, heaps: 1 } as never,
      experiment as never,
      plan,
      advised(state),
    );
    expect(warning).toContain('The heap was not read');
    if (told !== undefined) expect(warning).toContain(told);
    for (const pattern of never) expect(warning).not.toMatch(pattern);
  });
});

describe('what a survey advises follows what was found:', () => {
  const survey = (target: Advised, sources: string[], resources: string[] = []): string =>
    adviceFor({
      target: { url: 'http://localhost:8000/', pid: 4711, ...target },
      probes: sources.map(source => ({ source, endpoint: 'there', retries: 0 })),
      missing: [],
      doubts: [],
      resources: resources.map(name => ({ name, source: sources[0]!, value: 1, noise: 0, margin: 1 })),
    } as unknown as Survey).join('\n');

  const node = advised({ runtime: 'node', args: ['node', 'server.js'] });
  const inspected = advised({ runtime: 'node', args: ['node', '--inspect', 'server.js'] });

  test.each<[string, string, RegExp, RegExp]>([
    ['Node without its inspector', survey(node, ['pid']), /node --inspect/, /name the address/],
    ['Node with it', survey(node, ['inspector'], ['heap']), /^none/, /inspect/],
    ['one that is on and not found', survey(inspected, ['pid']), /name the address of its/, /start it/],
    ['a heap that is read as it is', survey(node, ['prometheus'], ['heap']), /the heap is noisy/, /^none/],
    ['a program in C, which has no heap to be read', survey({}, ['pid']), /^none/, /heap/],
  ])('%s', (_, advice, told, never) => {
    expect(advice).toMatch(told);
    expect(advice).not.toMatch(never);
  });
});

describe('what a hunt advises follows how it was made:', () => {
  test('files of which nobody knows whose they are want a temp folder, or what has one another working folder', () => {
    const reader = {
      lost: [],
      unprofiled: [],
      implausible: [],
      undecided: ['/srv/upload-*'],
      sourceOf: new Map([['heap', 'inspector']]),
    };
    const experiment = { missed: { stopped: 0, asleep: 0 }, profiles: { unread: [] }, rounds: [] };
    const plan = { maxMemory: 1e9, maxDisk: 1e9, uploadsPerRound: 100, concurrency: 10 };
    const told = (start: object | undefined) =>
      warningsOf(reader as never, experiment as never, { ...plan, start } as never).join();
    expect(told(undefined)).toContain('TMPDIR, or let leakhunt start it');
    expect(told({ command: './server' })).toContain('--cwd');
    expect(told({ command: './server' })).not.toMatch(/TMPDIR|--start/);
  });

  test('a target that is fed too fast wants a rate, or a lower one', () => {
    const [open] = [{ verdict: 'inconclusive', reason: 'backlog', decisive: true }];
    const advice = (load: object) =>
      openAdvice([open] as never, { load: { rounds: 9, uploadsPerRound: 100, ...load } } as never);
    expect(advice({})).toEqual(['Use --rate to send uploads no faster than the target handles them.']);
    expect(advice({ lateStarts: 0 })).toEqual([
      'Lower --rate to send uploads no faster than the target handles them.',
    ]);
  });

  test('more threads are advised where there are more', () => {
    expect(paceWarning({ workers: 10_000 })).not.toContain('--workers');
  });
});
