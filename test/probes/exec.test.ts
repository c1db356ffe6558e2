import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hiddenIn } from '../../src/commands/history/repeat-secrets.js';
import { exec } from '../../src/probes/sources/exec.js';
import { outputOf } from '../../src/probes/sources/exec-command.js';
import { sampleInOutput } from '../../src/probes/sources/exec-output.js';
import { redactCommand } from '../../src/secrets/command.js';

const target = { url: new URL('http://remote.test:1'), ports: [] };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'leakhunt-exec-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('a command', () => {
  test('is run by a shell at every reading', async () => {
    const path = join(await folder(), 'n');
    await writeFile(path, '1');
    const probe = await exec(target, `n=$(cat ${path}); echo "{\\"heap\\": $n}"`);
    await writeFile(path, '2');
    expect(await probe.read()).toEqual({ values: { heap: 2 } });
    await writeFile(path, '3');
    expect(await probe.read()).toEqual({ values: { heap: 3 } });
  });

  test.runIf(process.platform === 'linux')('may print the status of a process', async () => {
    const probe = await exec(target, `cat /proc/${process.pid}/status`);
    const { values, identity } = await probe.read();
    expect(values.rss).toBeGreaterThan(values.anon!);
    expect(values.threads).toBeGreaterThan(1);
    expect(identity).toBe(String(process.pid));
  });

  test('may print a page of metrics, any of which --drain can wait for', async () => {
    const probe = await exec(target, "printf 'process_resident_memory_bytes 42\\nqueue_depth 7\\n'");
    expect((await probe.read()).values).toEqual({ rss: 42 });
    expect(await probe.metric!('queue_depth')).toBe(7);
  });

  test.each([
    [
      'fails',
      'echo first >&2; echo no route to host >&2; exit 3',
      'the command ended with status 3: no route to host',
    ],
    ['is not there', 'leakhunt-no-such-program', /status 127: .*not found$/],
    ['prints nothing', 'true', 'the command printed nothing'],
    ['prints something else', 'echo hello', /^the command printed neither a JSON object/],
    [
      'prints half an object',
      'echo "{\\"heap\\": 1"',
      'the command printed something that starts like JSON but is not',
    ],
    ['prints no number', 'echo "{\\"heap\\": \\"1\\"}"', 'the command printed no number for "heap"'],
    ['prints null', 'echo "{\\"heap\\": null}"', 'the command printed no number for "heap"'],
    ['prints less than nothing', 'echo "{\\"heap\\": -1}"', 'the command printed no number for "heap"'],
  ])('that %s is no source', async (_, command, words) => {
    await expect(exec(target, command)).rejects.toMatchObject({
      name: 'NotThere',
      message: typeof words === 'string' ? words : expect.stringMatching(words),
    });
  });

  test('that fails in the middle is an error of the probe', async () => {
    const path = join(await folder(), 'gone');
    await writeFile(path, '{"rss": 5}');
    const probe = await exec(target, `cat ${path}`);
    await rm(path);
    await expect(probe.read()).rejects.toMatchObject({
      code: 'PROBE_FAILED',
      message: expect.stringMatching(
        /^The exec probe failed: the command ended with status 1: .*No such file/,
      ),
    });
  });

  test('that prints an unknown resource is wrong usage, and the known ones are listed', async () => {
    await expect(exec(target, 'echo "{\\"memory\\": 1}"')).rejects.toMatchObject({
      code: 'BAD_PROBE',
      exitCode: 2,
      message: expect.stringMatching(/"memory", which is not a resource: use heap, .*rss\.$/),
    });
  });

  test('that hangs is ended in time, with what it started', async () => {
    const path = join(await folder(), 'pid');
    const command = `sleep 60 & echo $! > ${path}; wait`;
    await expect(outputOf(command, { time: 300, output: 100 })).rejects.toThrow(
      new Error('the command did not finish within 0.3 s'),
    );
    await expectGone(Number(await readFile(path, 'utf8')));
  });

  test('that leaves something in the background with its output is ended in time too', async () => {
    const path = join(await folder(), 'pid');
    await expect(outputOf(`sleep 60 & echo $! > ${path}`, { time: 300, output: 100 })).rejects.toThrow(
      '0.3 s',
    );
    await expectGone(Number(await readFile(path, 'utf8')));
  });

  test('that prints without an end is ended at the limit', async () => {
    await expect(exec(target, 'yes')).rejects.toThrow('the command printed more than 4.00 MiB');
  });
});

async function expectGone(pid: number): Promise<void> {
  await expect.poll(() => isThere(pid)).toBe(false);
}

/** A zombie that nobody reaps is gone as well. */
async function isThere(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

describe('what a command prints', () => {
  test('may give a unit with each value', () => {
    const text =
      '{"heap": {"value": 2, "unit": "KiB"}, "threads": {"value": 3, "unit": "count"}, "rss": 1.5}';
    expect(sampleInOutput(text)).toEqual({ values: { heap: 2048, threads: 3, rss: 1.5 } });
  });

  test.each(['bytes', 'furlong', 'constructor'])('may not count threads in "%s"', unit => {
    expect(() => sampleInOutput(JSON.stringify({ threads: { value: 1, unit } }))).toThrow(
      `The command of --probe exec prints "threads" in "${unit}": use count.`,
    );
  });

  test('is no resource by the name of what every object has', () => {
    expect(() => sampleInOutput('{"constructor": 1}')).toThrow('"constructor", which is not a resource');
  });

  test.each([
    ['a header', `curl -H 'Authorization: Bearer hunter22' http://h/metrics`],
    ['a header in quotes within quotes', `ssh h "curl -H \\"X-Token: hunter22\\" http://h/metrics"`],
    ['a user', 'curl -u me:hunter22 http://h/metrics'],
    ['a URL', 'curl http://me:hunter22@h/metrics'],
    ['an option', 'kubectl --token=hunter22 exec pod -- cat /proc/1/status'],
    ['the environment', 'SSHPASS=hunter22 sshpass -e ssh h cat /proc/1/status'],
  ])('is shown without the secret in %s', async (_, command) => {
    expect(redactCommand(command)).not.toContain('hunter22');
    expect(hiddenIn('probe', `exec=${command}`, false)).toBe(`exec=${redactCommand(command)}`);
    const failing = `false ${command.replaceAll('"', '')} || { printf 'wrong: hunter%s\n' 22 >&2; exit 1; }`;
    await expect(exec(target, failing)).rejects.toThrow('status 1: wrong: ***');
  });
});
