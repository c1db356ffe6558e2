import { describe, expect, onTestFinished, test } from 'vitest';
import { startDemo } from '../../src/target/demo/demo.js';
import { freePort } from '../support/servers.js';
import { runCli } from '../support/streams.js';

describe('leakhunt probe', () => {
  test('says what was found, what was not and why, one reading of everything, and its noise', async () => {
    const target = await startDemo('none');
    onTestFinished(() => target.stop());
    const { code, stdout } = await runCli([
      'probe',
      target.url,
      '--probe',
      `inspector=${target.inspector}`,
      '--probe',
      'auto',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Found +inspector/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/Unavailable pprof: \S+ is not a Go heap profile/);
    expect(stdout).toMatch(/^heap +\d.* MiB .*256 B per upload +inspector$/m);
    expect(stdout).toMatch(/^Verdict rests on +heap, read by inspector$/m);
    expect(stdout.split('\n').every(line => line.length <= 80)).toBe(true);
  });

  test.runIf(process.platform === 'linux')(
    'says how to measure better: of a Node process whose inspector is open, to name it',
    async () => {
      const target = await startDemo('none');
      onTestFinished(() => target.stop());
      const { stdout } = await runCli(['probe', target.url, '--probe', `pid=${target.pid}`]);
      expect(stdout.replace(/\s+/g, ' ')).toContain('--probe inspector=HOST:PORT');
    },
  );

  test('gives the same as JSON', async () => {
    const target = await startDemo('none');
    onTestFinished(() => target.stop());
    const { stdout } = await runCli([
      'probe',
      target.url,
      '--json',
      '--probe',
      `inspector=${target.inspector}`,
    ]);
    const survey = JSON.parse(stdout);
    expect(survey.discoverySeconds).toBeLessThan(5);
    expect(survey.resources.map(({ name }: { name: string }) => name)).toContain('array-buffers');
  });

  test('of a server that is not there ends with exit 4', async () => {
    const { code, stderr } = await runCli(['probe', `http://127.0.0.1:${await freePort()}/`]);
    expect(code).toBe(4);
    expect(stderr).toContain('Nothing is listening');
  });
});
