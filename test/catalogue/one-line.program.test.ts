import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { recordSchema } from '../../src/record/schema.js';
import { bodyOf, freePort, serve } from '../support/servers.js';
import { type Ran, runCli } from '../support/streams.js';

vi.mock('../../src/probes/resources.js', async original => {
  const { resources } = await original<typeof import('../../src/probes/resources.js')>();
  const { connections } = await import('./toy-resource.js');
  return { resources: { ...resources, 'db-connections': connections } };
});
vi.mock('../../src/probes/catalogue.js', async original => {
  const { sources, ...rest } = await original<typeof import('../../src/probes/catalogue.js')>();
  const { toySource } = await import('./toy-source.js');
  return { ...rest, sources: Object.assign(sources, { toy: toySource }) };
});

const title = 'database connections';

/** An upload server that keeps as many connections as `leak` says of each upload. */
async function pooling(leak: 0 | 1): Promise<string> {
  let held = 7;
  return serve(async (request, response) => {
    if (request.url === '/pool') return void response.end(JSON.stringify({ held }));
    if (request.method === 'GET') return void response.writeHead(404).end();
    await bodyOf(request);
    held += leak;
    response.end('ok\n');
  });
}

const short = [
  ...['-n', '10', '-c', '2', '--size', '1kB', '--settle', '0.01'],
  ...['--warm-up', '1', '--rounds', '8', '--drain', '0.1'],
];
const formats = ['json', 'html', 'markdown', 'junit', 'prometheus', 'csv'] as const;

describe('a source and a resource of which nothing but the catalogues knows', () => {
  let folder: string;
  let made: Promise<Ran> | undefined;
  const path = (format: string) => join(folder, `record.${format}`);
  const text = (format: string) => readFileSync(path(format), 'utf8');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leakhunt-toy-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** One hunt that leaks, with a report of every format, for all the tests that read them. */
  const leaky = () => {
    made ??= hunted(1, ...formats.flatMap(format => [`--${format}`, path(format)]));
    return made;
  };

  async function hunted(leak: 0 | 1, ...more: string[]): Promise<Ran> {
    const origin = await pooling(leak);
    const args = ['upload', `${origin}/upload`, '--probe', 'toy', ...short, ...more];
    return runCli(args, { env: { GITHUB_ACTIONS: 'true' }, cwd: folder, columns: 120 });
  }

  test('are in the verdict and in every report', async () => {
    const leaking = await leaky();
    expect([leaking.code, leaking.stderr]).toEqual([1, expect.not.stringContaining('leakhunt:')]);
    const sentence = 'Leak: each upload leaves 1 database connection behind.';
    expect(leaking.stdout).toContain(sentence);
    expect(leaking.stdout).toMatch(/^ *database connections .*\btoy\b/m);
    expect(leaking.stdout).toMatch(/^::error .*1 database connection behind/m);
    for (const format of ['html', 'markdown', 'junit', 'prometheus']) {
      expect(text(format), format).toContain(sentence);
    }
    expect(text('html')).toContain(title);
    expect(text('markdown')).toContain(title);
    expect(text('junit')).toContain('name="db-connections"');
    expect(text('prometheus')).toMatch(
      /leakhunt_growth_per_upload\{[^}]*resource="db-connections",bound="estimate"\} 1\n/,
    );
    expect(text('csv')).toContain(',db-connections,count,toy,upload,');
  });

  test('are in the record, which conforms to the schema and can be reported and compared again', async () => {
    await leaky();
    const record = JSON.parse(text('json'));
    expect(record.resources).toMatchObject([
      { name: 'db-connections', unit: 'count', source: 'toy', verdict: 'leak', margin: 0.2, decisive: true },
    ]);
    const validate = new Ajv2020({ allErrors: true }).compile(recordSchema);
    expect([validate(record), validate.errors]).toEqual([true, null]);
    const report = await runCli(['report', path('json')]);
    const compared = await runCli(['compare', path('json'), path('json')], { columns: 120 });
    expect([report.stdout, compared.stdout]).toEqual([
      expect.stringContaining(title),
      expect.stringContaining(title),
    ]);
  });

  test('are flat below a margin of their own', async () => {
    const { code, stdout } = await hunted(1, '--max-growth', 'db-connections=2');
    expect([code, stdout.includes(`${title} grew by less than`)]).toEqual([0, true]);
    expect((await hunted(1, '--max-growth', 'db-connections=2kB')).code).toBe(2);
  });

  test('are on the line of progress', async () => {
    const origin = await pooling(0);
    const args = ['upload', `${origin}/upload`, '--probe', 'toy', ...short, '--no-save'];
    expect((await runCli(args, { tty: true, columns: 200 })).stderr).toContain(`${title} 7`);
  });

  test('are found without being named, and surveyed', async () => {
    const origin = await pooling(0);
    const { code, stdout } = await runCli(['probe', origin], { columns: 120 });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Found +toy: \S+\/pool$/m);
    expect(stdout).toMatch(/^database connections +7 +0 +0\.20 per upload +toy$/m);
  });

  test('are in a first configuration, with the address that stays', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'leakhunt-toy-init-'));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const origin = await pooling(0);
    expect((await runCli(['init', `${origin}/upload`], { cwd })).code).toBe(0);
    const config = await readFile(join(cwd, 'leakhunt.config.mjs'), 'utf8');
    expect(config).toContain(`probe: ['toy=${origin}/pool', 'auto']`);
    expect(config).toContain(`${title}, by toy: 7, five readings within 0; flat below 0.20 per upload`);
  });

  test.each(['bash', 'zsh', 'fish'])('are completed by %s', async shell => {
    const { stdout } = await runCli(['completion', shell]);
    expect(stdout).toMatch(/\btoy\b/);
    expect(stdout).toContain('db-connections=');
  });

  test('are told to whom names neither', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const probe = await runCli(['upload', url, '--probe', 'other']);
    expect([probe.code, probe.stderr]).toEqual([2, expect.stringContaining('exec, dir, toy, e.g. pid=4711')]);
    const margin = await runCli(['upload', url, '--max-growth', 'x=1']);
    expect([margin.code, margin.stderr]).toEqual([2, expect.stringContaining('shmem, rss, db-connections.')]);
  });
});
