import { expect, test } from 'vitest';
import { agent } from '../../src/probes/sources/agent.js';
import { askAgent } from '../../src/probes/sources/agent-socket.js';
import { isolatingOption } from '../../src/probes/sources/agent-sockets.js';
import { flood, serveAgent } from '../support/agent-lookalike.js';

const target = { url: new URL('http://127.0.0.1:1'), ports: [] };
const limits = { time: 200, size: 2 ** 20 };

test('an agent tells its blocks and its tasks, and bytes where Python traces them', async () => {
  const plain = await agent(target, await serveAgent());
  expect(await plain.read()).toEqual({ values: { 'heap-objects': 31_000, tasks: 0 }, identity: '4711' });
  const traced = await agent(
    target,
    await serveAgent(what =>
      what === 'read' ? { pid: 4711, blocks: 10, tasks: null, traced: 9000 } : undefined,
    ),
  );
  expect((await traced.read()).values).toEqual({ 'heap-objects': 10, heap: 9000 });
});

test('an agent says which process it is in', async () => {
  const probe = await agent(target, await serveAgent());
  expect(await probe.claim!()).toEqual({ runtime: 'python', pid: 4711 });
});

test.each<[string, object | string, string]>([
  ['is no JSON', 'hello', 'the agent answered something that is not JSON'],
  ['is a list', '[1]', 'the agent answered something that is no JSON object'],
  ['is of another runtime', { agent: 1, runtime: 'cobol', pid: 1 }, 'is no agent of leakhunt'],
  ['has words for numbers', { agent: 1, runtime: 'python', pid: 'one' }, 'is no agent of leakhunt'],
  ['is of a later version', { agent: 2, runtime: 'python', pid: 1 }, 'is of another version of leakhunt'],
  ['is an error', { error: `KeyError: ${'x'.repeat(9999)}` }, 'the agent says "KeyError: xxx'],
])('an agent whose first answer %s is no source', async (_, answer, why) => {
  const opened = agent(target, await serveAgent(what => (what === 'hello' ? answer : undefined)));
  const error: Error = await opened.catch(error => error);
  expect(error.message).toContain(why);
  expect(error.message.length).toBeLessThan(300);
});

test('a Python that counts no blocks is no source', async () => {
  const opened = agent(
    target,
    await serveAgent(what => (what === 'read' ? { pid: 1, blocks: 0 } : undefined)),
  );
  await expect(opened).rejects.toThrow('does not count its blocks');
});

test('an agent that says nothing is given up in time', async () => {
  const path = await serveAgent(() => () => {});
  await expect(askAgent(path, { do: 'read' }, limits)).rejects.toThrow('did not answer within 0.2 s');
});

test('an agent that sends a gigabyte is cut off at the limit', async () => {
  const path = await serveAgent(() => flood(2 ** 30));
  await expect(askAgent(path, { do: 'read' }, { ...limits, time: 20_000 })).rejects.toThrow(
    'the agent answered more than 1.00 MiB',
  );
});

test('an agent that hangs up, or was never there, is told apart', async () => {
  const path = await serveAgent(() => socket => socket.end());
  await expect(askAgent(path, { do: 'read' }, limits)).rejects.toThrow('closed the connection');
  await expect(askAgent('/nowhere/1.sock', { do: 'read' }, limits)).rejects.toThrow(
    'there is no socket /nowhere/1.sock',
  );
});

test.each<[string, string | undefined]>([
  ['python server.py', undefined],
  ['python -I server.py', '-I'],
  ['python3 -sE -m uvicorn app:app', '-E'],
  ['python -bS server.py', '-S'],
  ['python -X dev -I server.py', '-I'],
  ['python -Xfrozen_modules=off -S server.py', '-S'],
  ['python -W ignore::UserWarning -u server.py', undefined],
  ['python -WIgnore server.py', undefined],
  ['python -m gunicorn -E', undefined],
  ['python -mIS', undefined],
  ['python -c import.sys -I', undefined],
  ['python server.py -I -S', undefined],
  ['python - -I', undefined],
  ['python', undefined],
])('"%s" keeps an agent out by %s', (line, option) => {
  expect(isolatingOption(line.split(' '))).toBe(option);
});
