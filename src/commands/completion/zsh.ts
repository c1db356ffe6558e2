import type { Flag, Value, Verb } from './model.js';

/** The completion for zsh: a file `_leakhunt` in $fpath, or source <(leakhunt completion zsh). */
export function zshCompletion(verbs: Verb[]): string {
  return `#compdef leakhunt
# zsh completion for leakhunt: source <(leakhunt completion zsh), or a file _leakhunt in $fpath
_leakhunt_form() {
  compset -P '*[@<]' && _files
}
_leakhunt() {
  local -a verbs=(
${verbs.map(({ name, description }) => `    ${single(`${name}:${description}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe -t commands command verbs
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
${verbs.map(verbCase).join('\n')}
  esac
}
if [[ \${funcstack[1]} == _leakhunt ]]; then _leakhunt "$@"; else compdef _leakhunt leakhunt; fi
`;
}

function verbCase({ name, flags, operands }: Verb): string {
  const specs = flags.flatMap(flag => specsOf(flag)).map(spec => `        ${single(spec)} \\`);
  return `    ${name})\n      _arguments -s \\\n${specs.join('\n')}\n        ${operands ? `':value:(${operands.join(' ')})'` : "'*:file:_files'"} ;;`;
}

/** In the syntax of `_arguments`: brackets and colons of a description are escaped. */
function specsOf({ short, long, description, value }: Flag): string[] {
  const told = description.replace(/[\\[\]:]/g, '\\$&');
  return [short, long]
    .filter(word => word !== undefined)
    .map(word => `*${word}${word === long && value.kind !== 'none' ? '=' : ''}[${told}]${actionOf(value)}`);
}

function actionOf(value: Value): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'words':
      return `:value:(${value.words.join(' ')})`;
    case 'file':
      return ':file:_files';
    case 'folder':
      return ':folder:_files -/';
    case 'text@file':
      return ':value:_leakhunt_form';
    default:
      return ':value: ';
  }
}

function single(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
