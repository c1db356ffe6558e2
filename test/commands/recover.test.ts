import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { saveHunt, timeIn } from '../../src/commands/history/saved.js';
import type { HuntEvent } from '../../src/hunt/events.js';
import { hunt } from '../../src/hunt/hunt.js';
import type { Hunt } from '../../src/record/record.js';
import { ownerName } from '../../src/target/processes/owner.js';
import { runCli } from '../support/streams.js';

describe('leakhunt report', () => {
  let record: Hunt;
  let lines: string[];
  beforeAll(async () => {
    lines = [];
    const server = createServer((request, response) => {
      request
        .resume()
        .on('end', () => response.setHeader('content-type', 'application/json').end('{"open":7}'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    record = await hunt({
      ...{ url: origin, uploadsPerRound: 2, rounds: 3, warmUpRounds: 0, settle: 0.01 },
      fixture: { kind: 'text', size: 1000, seed: 1 },
      probes: [`json=${origin}/#/open;name=open-files`],
      onEvent: (event: HuntEvent) => {
        if (event.type === 'journal') lines.push(JSON.stringify(event.line));
      },
    });
    server.close();
  });

  /** A folder with a journal, by default of a process that has ended. */
  async function withJournal(text: string, owner?: string): Promise<string> {
    const home = await mkdtemp(join(tmpdir(), 'leakhunt-recover-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    await mkdir(join(home, '.leakhunt'));
    const gone = (await ownerName()).replace(/-(\d+)-/, '-1-');
    const name = `${timeIn(record.leakhunt.startedAt)}.${owner ?? gone}.0.journal`;
    await writeFile(join(home, '.leakhunt', name), text);
    return home;
  }
  const whole = () => `${lines.join('\n')}\n`;
  const namesIn = async (home: string) =>
    (await readdir(join(home, '.leakhunt'))).filter(name => name !== '.gitignore');

  test('makes a record of a journal whose leakhunt has gone, and says so once', async () => {
    const home = await withJournal(whole());
    const ran = await runCli(['report', '--exit-code'], { cwd: home });
    expect(ran).toMatchObject({ code: 130, stdout: expect.stringContaining('Interrupted. So far:') });
    expect(ran.stderr).toMatch(
      /^leakhunt: the hunt that began at \S+ was cut short: its readings are in .+\n$/,
    );
    expect(await namesIn(home)).toEqual([expect.stringMatching(/\.json$/)]);
    expect(await runCli(['report', '--exit-code'], { cwd: home })).toMatchObject({ code: 130, stderr: '' });
  });

  test('leaves out a last line that was not written to its end', async () => {
    const home = await withJournal(`${whole()}{"type":"reading","sce`);
    const { stdout } = await runCli(['report', '--json', '-'], { cwd: home });
    expect(JSON.parse(stdout).rounds.length).toBe(record.rounds.length);
  });

  test('leaves alone the journal of a hunt that goes on', async () => {
    const home = await withJournal(whole(), await ownerName());
    expect(await runCli(['report'], { cwd: home })).toMatchObject({ code: 2 });
    expect(await namesIn(home)).toEqual([expect.stringMatching(/\.journal$/)]);
  });

  test('makes no second record of a hunt that was kept before leakhunt was killed', async () => {
    const home = await withJournal(whole());
    await saveHunt(record, home, 20);
    const ran = await runCli(['report', '--exit-code'], { cwd: home });
    expect(ran).toMatchObject({ code: record.exitCode, stderr: '' });
    expect(await namesIn(home)).toEqual([expect.stringMatching(/\.json$/)]);
  });

  test.each(['no JSON\n', '{"type":"reading"}\n{"type":"hunt"}\n', '[]\n'])(
    'says what is no journal, and goes on: %j',
    async text => {
      const home = await withJournal(text);
      await saveHunt(record, home, 20);
      const ran = await runCli(['report', '--exit-code'], { cwd: home });
      expect(ran.code).toBe(record.exitCode);
      expect(ran.stderr === '' || ran.stderr.includes('no record can be made from it')).toBe(true);
    },
  );
});
