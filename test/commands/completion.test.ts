import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../support/streams.js';
import { describeWith } from '../support/toolchain.js';

const execute = promisify(execFile);

/** A folder with a shell's completion in it, and two files to complete. */
async function scriptFor(shell: string): Promise<{ cwd: string; script: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'leakhunt-completion-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const { code, stdout } = await runCli(['completion', shell]);
  expect(code).toBe(0);
  const script = join(cwd, `script.${shell}`);
  await writeFile(script, stdout);
  for (const name of ['photo one.pdf', 'photo-two.pdf']) await writeFile(join(cwd, name), '');
  return { cwd, script };
}

describeWith('bash', 'bash completes', () => {
  test.each([
    ['verbs', ['up'], ['upload']],
    ['flags', ['upload', '--max-g'], ['--max-growth']],
    ['the flags of a verb alone', ['demo', '--max-g'], []],
    ['choices', ['upload', '--kind', 'p'], ['png', 'pdf']],
    ['choices behind an equals sign', ['upload', '--kind', '=', 'cs'], ['csv']],
    ['choices right behind it', ['upload', '--kind', '='], ['text', 'random', 'png', 'pdf', 'csv']],
    ['sources', ['upload', '--probe', 'prom'], ['prometheus', 'promql']],
    ['scenarios', ['upload', '--scenario', 'ab'], ['abort']],
    ['resources', ['upload', '--max-growth', 'open'], ['open-files=']],
    ['files of a form', ['upload', '-F', 'file', '=@', 'photo'], ['photo one.pdf', 'photo-two.pdf']],
    ['files of reports', ['upload', '--json', 'photo-'], ['photo-two.pdf']],
    ['shells', ['completion', 'f'], ['fish']],
    ['nothing for a number', ['upload', '-n', ''], []],
  ])('%s', async (_, words, expected) => {
    const { cwd, script } = await scriptFor('bash');
    const drive = `source "$1"; shift; COMP_WORDS=(leakhunt "$@"); COMP_CWORD=$#
      _leakhunt; ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await execute('bash', ['-c', drive, 'bash', script, ...words], { cwd });
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter(Boolean).sort()).toEqual([...expected].sort());
  });
});

describeWith('fish', 'fish completes', () => {
  test.each([
    ['verbs', 'up', ['upload']],
    ['flags', 'upload --max-g', ['--max-growth']],
    ['choices', 'upload --kind p', ['pdf', 'png']],
    ['files of a form', 'upload -F file=@photo-', ['file=@photo-two.pdf']],
    ['shells', 'completion f', ['fish']],
  ])('%s', async (_, line, expected) => {
    const { cwd, script } = await scriptFor('fish');
    const drive = 'source $argv[1]; complete -C "leakhunt $argv[2]"';
    const { stdout } = await execute('fish', ['--no-config', '-c', drive, script, line], { cwd });
    const words = stdout.split('\n').filter(Boolean);
    expect(words.map(each => each.split('\t')[0])).toEqual(expected);
  });
});

describeWith('zsh', 'zsh completes', () => {
  test.each([
    ['verbs', 'upl', 'upload '],
    ['flags', 'upload --max-gr', 'upload --max-growth='],
    ['choices', 'upload --kind ra', 'upload --kind random '],
    ['files of a form', 'upload -F file=@photo-', 'upload -F file=@photo-two.pdf '],
    ['shells', 'completion f', 'completion fish '],
  ])('%s', async (_, line, expected) => {
    const { cwd, script } = await scriptFor('zsh');
    // A terminal of its own; Ctrl-X after the completion prints the line as it then is.
    const drive = `zmodload zsh/zpty
      zpty z zsh -f -i
      zpty -w z "PS1= PS2=; autoload -U compinit; compinit -u -D; source $1"
      zpty -w z 'show() { print -r -- "<<$BUFFER>>"; exit }; zle -N show; bindkey "^X" show; print -r - rea""dy'
      zpty -r z line '*ready*'
      zpty -w -n z "leakhunt $2"$'\\t\\x18'
      zpty -r z line '*>>*'
      print -r -- "$line"`;
    const { stdout } = await execute('zsh', ['-f', '-c', drive, 'zsh', script, line], { cwd });
    expect(/<<leakhunt (.*)>>/.exec(stdout)?.[1]).toBe(expected);
  });
});

test('a shell that is not known is refused', async () => {
  const { code, stderr } = await runCli(['completion', 'csh']);
  expect(code).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish');
});
