import type { Flag, Value, Verb } from './model.js';

/** The completion for fish: leakhunt completion fish | source. */
export function fishCompletion(verbs: Verb[]): string {
  return `# fish completion for leakhunt: leakhunt completion fish | source
function __leakhunt_form
    set -l token (commandline -ct)
    if string match -qr '[@<]' -- $token
        set -l start (string replace -r '^([^@<]*[@<]).*$' '$1' -- $token)
        for path in (__fish_complete_path (string replace -r '^[^@<]*[@<]' '' -- $token))
            echo $start$path
        end
    end
end
complete -c leakhunt -n __fish_use_subcommand -f
complete -c leakhunt -n __fish_use_subcommand -l help -s h
complete -c leakhunt -n __fish_use_subcommand -l version -s V
${verbs.flatMap(verb => [subcommand(verb), ...operandLine(verb), ...verb.flags.map(flag => flagLine(verb, flag))]).join('\n')}
`;
}

function subcommand({ name, description }: Verb): string {
  return `complete -c leakhunt -n __fish_use_subcommand -a ${name} -d ${single(description)}`;
}

function operandLine({ name, operands }: Verb): string[] {
  if (!operands) return [];
  return [
    `complete -c leakhunt -n '__fish_seen_subcommand_from ${name}' -f -a ${single(operands.join(' '))}`,
  ];
}

function flagLine({ name }: Verb, { short, long, description, value }: Flag): string {
  const letter = short === undefined ? '' : ` -s ${short.slice(1)}`;
  return `complete -c leakhunt -n '__fish_seen_subcommand_from ${name}'${letter} -l ${long.slice(2)}${actionOf(value)} -d ${single(description)}`;
}

function actionOf(value: Value): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'words':
      return ` -x -a ${single(value.words.join(' '))}`;
    case 'file':
      return ' -r -F';
    case 'folder':
      return " -x -a '(__fish_complete_directories)'";
    case 'text@file':
      return " -x -a '(__leakhunt_form)'";
    default:
      return ' -x';
  }
}

/** Within single quotes, fish knows two escapes. */
function single(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
