import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.js';
import { runCli } from '../support/streams.js';

const verbs = [
  'upload',
  'curl',
  'demo',
  'probe',
  'compare',
  'report',
  'init',
  'run',
  'fixtures',
  'completion',
];
const long = ['upload', 'curl', 'compare', 'run'];

async function helpOf(args: string[], columns?: number): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { columns });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const flagsIn = (help: string) => [...help.matchAll(/^ {2}(?:-\S, )?(--[\w.-]+)/gm)].map(([, flag]) => flag!);

describe('no line of any help is wider than the terminal', () => {
  test.each([40, 80, 120])('of %i columns', async columns => {
    const commands = [
      ['--help'],
      ...verbs.map(verb => [verb, '--help']),
      ...[...long, 'probe', 'init'].map(verb => [verb, '--help-all']),
    ];
    for (const command of commands) {
      const lines = (await helpOf(command, columns)).split('\n');
      expect(lines.filter(line => line.length > columns)).toEqual([]);
    }
  });
});

test.each(long)('the help of %s fits on a first screen, and says where the rest is', async verb => {
  const help = await helpOf([verb, '--help'], 80);
  expect(help.trimEnd().split('\n').length).toBeLessThan(24);
  expect(help).toContain('Exit codes: 0 ');
  const all = flagsIn(await helpOf([verb, '--help-all'], 80));
  expect(help).toContain(`leakhunt ${verb} --help-all shows all ${all.length} options.`);
  expect(all).toEqual(expect.arrayContaining(flagsIn(help)));
});

test('the first screen of upload holds what most people need', async () => {
  const needed = ['n', 'concurrency', 'size', 'form', 'header', 'start', 'probe', 'max-growth', 'scenario'];
  const shown = flagsIn(await helpOf(['upload', '--help']));
  expect(shown).toEqual(expect.arrayContaining([...needed, 'html', 'json'].map(name => `--${name}`)));
});

test.each(['upload', 'compare'])('the whole help of %s names every exit code', async verb => {
  const [, listed] = /\nExit codes: ([^.]+)\./.exec(await helpOf([verb, '--help-all']))!;
  const codes = [...listed!.matchAll(/\b\d+\b/g)].map(([code]) => Number(code));
  expect(codes).toEqual(Object.values(exitCodes));
});

test('a flag of curl that changes nothing is in no help, and still works', async () => {
  const idle = ['--basic', '--proxy-basic', '--cert-type', '--key-type', '--tlsv1', '--http1.1'];
  const help = await helpOf(['upload', '--help-all']);
  expect(flagsIn(help).filter(flag => [...idle, '--data-ascii'].includes(flag))).toEqual([]);
  const { stderr } = await runCli(['upload', '--basic', '--http1.1', '--tlsv1', '-c', '0']);
  expect(stderr).toContain('-c 0 is out of range');
});

test('the help of the program gives each verb one line, and an example', async () => {
  const help = await helpOf(['--help'], 80);
  for (const verb of verbs) expect(help).toMatch(new RegExp(`^  ${verb} +\\S`, 'm'));
  const commands = help.split('Commands:\n')[1]!.split('\n\n')[0]!;
  expect(commands.split('\n')).toHaveLength(verbs.length + 1);
  expect(help).toContain('Example:\n  leakhunt upload ');
});

test.each([
  [['upload', '--max-grow', '1'], "unknown option '--max-grow': did you mean --max-growth?"],
  [['upload', '--tokn=secret'], "unknown option '--tokn=***': see leakhunt upload --help-all."],
  [['uplod'], "unknown command 'uplod': did you mean upload?"],
  [['upload', '--size'], "option '--size <bytes>' argument missing: see leakhunt upload --help-all."],
])('%j is one sentence with a next step', async (args, sentence) => {
  const { code, stderr } = await runCli(args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: `leakhunt: ${sentence}\n` });
});
