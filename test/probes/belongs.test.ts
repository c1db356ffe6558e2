import { describe, expect, test } from 'vitest';
import { belonging } from '../../src/probes/belongs.js';
import type { Identity } from '../../src/target/processes/identity.js';

const server: Identity = { pid: 34, pids: [34], command: 'node\0server.js', starts: [1000] };
const worker: Identity = { ...server, pid: 35, pids: [35], starts: [1004] };
const stranger: Identity = { pid: 77, pids: [77], command: 'other-app\0-x', starts: [2000] };

describe('a source', () => {
  test.each([
    ['the command line', { command: 'node\0server.js' }],
    ['the id', { pid: 35 }],
    ['the start', { started: [1005.9] }],
    ['id and start', { pid: 34, started: [998.1] }],
    ['several starts', { started: [1000, 1004] }],
  ])('belongs to a target with %s that it tells', (_, claim) => {
    expect(belonging(claim, [server, worker], [stranger])).toBe('own');
  });

  test.each([
    ['command line', { command: 'other-app\0-x' }],
    ['id', { pid: 77 }],
    ['start', { started: [2001] }],
  ])('that tells the %s of another process is that one', (_, claim) => {
    expect(belonging(claim, [server, worker], [stranger])).toEqual({ another: stranger });
  });

  test('that tells of nobody here is another machine’s, or gone', () => {
    expect(belonging({ command: 'node\0server.js\0' }, [server], [stranger])).toEqual({ another: undefined });
    expect(belonging({ started: [1002.1] }, [server], [])).toEqual({ another: undefined });
    expect(belonging({ started: [1000, 3000] }, [server], [])).toEqual({ another: undefined });
  });

  test('that fits two servers does not tell whose it is', () => {
    const twin = { ...server, pid: 36, pids: [36], starts: [1500] };
    expect(belonging({ command: server.command }, [server], [twin])).toBe('unknown');
    expect(belonging({ started: [1501] }, [worker, server], [twin])).toEqual({ another: twin });
  });

  test('that says nothing, or whose target cannot be seen, is not known', () => {
    expect(belonging({ runtime: 'go' }, [server], [stranger])).toBe('unknown');
    expect(belonging({ started: [] }, [server], [])).toBe('unknown');
    expect(belonging({ pid: 34 }, [], [])).toBe('unknown');
  });

  test('belongs to a program that took the place of a script, which began earlier', () => {
    const executed = { ...server, starts: [1000, 1030] };
    expect(belonging({ started: [1031] }, [executed], [])).toBe('own');
  });

  test('in a container tells the id that it has there, which is one only with its start', () => {
    const inside = { ...server, pids: [34, 1] };
    expect(belonging({ pid: 1, started: [1001] }, [inside], [])).toBe('own');
    expect(belonging({ pid: 1, started: [1100] }, [inside], [])).toEqual({ another: undefined });
    // A machine that slept counts the time of a process differently from its clock; the id is enough.
    expect(belonging({ pid: 34, started: [5000] }, [server], [])).toBe('own');
  });
});
