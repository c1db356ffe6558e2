import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hunt } from '../../src/index.js';
import { answer, serve } from '../support/servers.js';

/** A server whose goroutines are known by a command alone. */
async function huntBy(command: (path: string) => string, growth: number) {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-exec-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'count');
  let count = 100;
  writeFileSync(path, String(count));
  const origin = await serve(async (request, response) => {
    count += growth;
    writeFileSync(path, String(count));
    await answer(request, response);
  });
  return hunt({
    url: `${origin}/upload`,
    fixture: { kind: 'text', size: 100, seed: 1 },
    uploadsPerRound: 10,
    maxRounds: 12,
    probes: [`exec=${command(path)}`],
  });
}

describe('a hunt by a command', () => {
  test.each([
    ['leak', 1, 1],
    ['flat', 0, 0],
  ])('finds that its target is a %s one', async (verdict, growth, exitCode) => {
    const record = await huntBy(path => `echo "{\\"goroutines\\": $(cat ${path})}"`, growth);
    expect([record.verdict, record.exitCode]).toEqual([verdict, exitCode]);
    expect(record.resources).toMatchObject([{ name: 'goroutines', source: 'exec', verdict }]);
  });

  test('keeps what is secret in it out of the record', async () => {
    const record = await huntBy(
      path => `TOKEN=hunter22 sh -c 'echo "{\\"goroutines\\": $(cat ${path})}"'`,
      0,
    );
    expect(record.target.probes).toMatchObject([{ endpoint: expect.stringContaining('TOKEN=*** sh -c') }]);
    expect(JSON.stringify(record)).not.toContain('hunter22');
  });

  test('that stops working ends as a target that is lost, without the secret in it', async () => {
    const command = (path: string) =>
      `TOKEN=hunter22; n=$(cat ${path}); [ $n -lt 150 ] || { echo no entry for $TOKEN >&2; exit 1; }; echo "{\\"goroutines\\": $n}"`;
    const record = await huntBy(command, 1);
    expect([record.end, record.exitCode]).toEqual(['target-lost', 4]);
    expect(record.error?.message).toContain('the command ended with status 1: no entry for ***');
    expect(JSON.stringify(record)).not.toContain('hunter22');
  });
});
