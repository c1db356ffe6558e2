import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { isMemory } from '../../src/probes/resource-questions.js';
import type { ResourceName } from '../../src/probes/resources.js';
import { agent } from '../../src/probes/sources/agent.js';
import { lookFirstInWords } from '../../src/reports/text/culprits.js';
import { huntPlain, lineOf, type PlainLeak, serverFile } from '../support/python-plain.js';
import { describeWith } from '../support/toolchain.js';
import { culprit, resource } from './hunting.js';

const agentFolder = fileURLToPath(new URL('../../agents/python', import.meta.url));

/** Memory is noisier than what is counted one by one. */
const ofMemory = { rounds: 16 };
const ofCounts = { rounds: 8 };

describeWith('python', 'a Python server that leakhunt starts', () => {
  test.each<[PlainLeak, ResourceName, string, string | undefined]>([
    ['body', 'anon', 'recent[len(recent)] = bytearray(body)', 'recent (dict) in server.py'],
    ['closure', 'heap-objects', 'callbacks.append(lambda', 'callbacks (list) in server.py'],
    ['instance', 'heap-objects', 'uploads.append(Upload(', 'uploads (list) in server.py'],
    ['task', 'tasks', 'kept.append(asyncio.create_task', 'kept (list) in server.py'],
    ['thread', 'threads', 'threading.Thread(target=stop.wait', undefined],
    ['file', 'open-files', 'kept.append(open(', 'kept (list) in server.py'],
    ['socket', 'sockets', 'kept.append(socket.socket(', 'kept (list) in server.py'],
    ['temp_file', 'temp-files', 'tempfile.NamedTemporaryFile(', undefined],
  ])('that keeps a %s of each upload is told the line', async (leak, grows, line, keeper) => {
    const record = await huntPlain(leak, isMemory(grows) ? ofMemory : ofCounts);
    const told = JSON.stringify([
      record.warnings,
      record.resources.map(({ name, verdict, perUpload }) => [name, verdict, perUpload]),
    ]);
    const [first] = record.culprits;
    expect(record.verdict, told).toBe('leak');
    expect(
      record.culprits.map(each => each.resource),
      told,
    ).toContain(grows);
    expect(first?.site, told).toMatchObject({ file: serverFile, line: lineOf(line) });
    expect(lookFirstInWords(record)).toContain(`server.py:${lineOf(line)}`);
    if (keeper !== undefined) expect(first?.retainedBy?.[0]).toBe(keeper);
  });

  test('that keeps nothing names nobody, and counts its objects exactly', async () => {
    const record = await huntPlain('nothing');
    expect([record.culprits, resource(record, 'heap-objects').verdict]).toEqual([[], 'flat']);
  });

  test('that forks workers has an agent in each of them', async () => {
    const record = await huntPlain('file', { env: { WORKERS: '2' } });
    expect(record.target.probes.filter(({ source }) => source === 'agent')).toHaveLength(3);
    expect(culprit(record, 'open-files').site).toMatchObject({ line: lineOf('kept.append(open(') });
  });

  test.each(['-I', '-E', '-S'])('with %s has none, and that is said', async option => {
    const { target, warnings } = await huntPlain('nothing', { python: `python3 ${option}`, rounds: 3 });
    const missing = target.missing.find(({ source }) => source === 'agent');
    expect(missing?.why).toContain(`Python was started with ${option}, which keeps out the agent`);
    expect(warnings).toContain(`There is no agent to read: ${missing?.why}.`);
  });
});

describeWith('python', 'a Python program with the agent put in', () => {
  /** What a program prints, with the agent or without, before a folder of modules. */
  function output(modules: string, code: string, agents?: string, ...options: string[]) {
    const env = {
      PYTHONPATH: [...(agents ? [agentFolder] : []), modules].join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
      PATH: process.env.PATH,
      ...(agents && { LEAKHUNT_AGENTS: agents }),
    };
    const { stdout, stderr } = spawnSync('python3', [...options, '-c', code], { env, encoding: 'utf8' });
    return { stdout, stderr };
  }

  async function folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
    onTestFinished(() => rm(made, { recursive: true }));
    return made;
  }

  test('finds its path, its modules and its threads as without it, and its own sitecustomize runs', async () => {
    const [modules, agents] = [await folder(), await folder()];
    await writeFile(join(modules, 'sitecustomize.py'), "import builtins; builtins.mark = 'mine'");
    const code =
      "import sys, threading; print(mark, sys.path, sys.modules['sitecustomize'].__file__, [each.name for each in threading.enumerate()])";
    expect(output(modules, code, agents)).toEqual(output(modules, code));
    expect(output(modules, code, agents).stdout).toMatch(/^mine /);
    await writeFile(join(modules, 'sitecustomize.py'), '1 / 0');
    expect(output(modules, 'print(1)', agents)).toMatchObject({
      stdout: '1\n',
      stderr: expect.stringContaining('ZeroDivisionError'),
    });
  });

  test('prints nothing of it, whatever goes wrong, and whatever is made an error', async () => {
    const [modules, agents] = [await folder(), await folder()];
    const fork = 'import os; pid = os.fork(); os.waitpid(pid, 0) if pid else None';
    expect(output(modules, fork, agents, '-W', 'error')).toEqual({ stdout: '', stderr: '' });
    expect(output(modules, 'print(2)', '/nowhere')).toEqual({ stdout: '2\n', stderr: '' });
  });

  test('leaves no socket behind, and has one of mode 0600 while it runs', async () => {
    const [modules, agents] = [await folder(), await folder()];
    const code = `import os; [print(oct(os.stat(os.path.join('${agents}', name)).st_mode & 0o777)) for name in os.listdir('${agents}')]`;
    expect(output(modules, code, agents)).toEqual({ stdout: '0o600\n', stderr: '' });
    expect(await readdir(agents)).toEqual([]);
  });

  test('that runs already and imports the agent itself is read by --probe agent=SOCKET', async () => {
    const path = join(await folder(), 'upload.sock');
    const code = `import leakhunt_agent, sys; print(leakhunt_agent.start('${path}'), flush=True); kept = sys.stdin.read()`;
    const child = spawn('python3', ['-c', code], {
      env: { ...process.env, PYTHONPATH: agentFolder, PYTHONDONTWRITEBYTECODE: '1' },
    });
    onTestFinished(() => void child.kill());
    expect(String(await once(child.stdout, 'data'))).toContain(path);
    const probe = await agent({ url: new URL('http://127.0.0.1:1'), ports: [] }, path);
    expect(probe.endpoint).toBe(path);
    const [first, second] = [await probe.read(), await probe.read()];
    expect(first.identity).toBe(String(child.pid));
    expect(second.values['heap-objects']).toBeGreaterThan(1000);
  });
});
