import { quoted } from '../history/shell-quote.js';
import type { Flag, Value, Verb } from './model.js';

/** The completion for bash (3.2 and newer): `source <(leakhunt completion bash)`. */
export function bashCompletion(verbs: Verb[]): string {
  const all = [...verbs.map(({ name }) => name), '--help', '--version'].join(' ');
  return `# bash completion for leakhunt: source <(leakhunt completion bash)
_leakhunt_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
  if [[ \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
_leakhunt_files() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen "\${1:--f}" -- "$cur"))
  compopt -o filenames 2>/dev/null
}
_leakhunt() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} flag
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _leakhunt_words '${all}'
    return
  fi
  # The shell cuts words at "=" and "@": --kind=text is three of them, and so is file=@path.
  flag=$prev
  if [[ $cur == [=@\\<]* ]]; then prev=$cur cur='' flag=\${COMP_WORDS[COMP_CWORD - 1]}; fi
  if [[ $prev == *[@\\<] ]]; then
    _leakhunt_files
    return
  fi
  if [[ $prev == = ]] && ((COMP_CWORD > 2)); then
    [[ $flag == = ]] && flag=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case "\${COMP_WORDS[1]} $flag" in
${verbs.flatMap(verb => verb.flags.flatMap(flag => valueCase(verb, flag))).join('\n')}
  esac
  if [[ $cur != -* ]]; then
    case \${COMP_WORDS[1]} in
${verbs.flatMap(({ name, operands }) => (operands ? [`      ${name}) _leakhunt_words ${quoted(operands.join(' '))} ;;`] : [])).join('\n')}
      *) _leakhunt_files ;;
    esac
    return
  fi
  case \${COMP_WORDS[1]} in
${verbs.map(({ name, flags }) => `    ${name}) _leakhunt_words ${quoted(flags.map(({ long }) => long).join(' '))} ;;`).join('\n')}
  esac
}
complete -F _leakhunt leakhunt
`;
}

function valueCase(verb: Verb, { short, long, value }: Flag): string[] {
  if (value.kind === 'none') return [];
  const patterns = [short, long]
    .filter(word => word !== undefined)
    .map(word => quoted(`${verb.name} ${word}`));
  return [`    ${patterns.join(' | ')}) ${actionOf(value)}return ;;`];
}

function actionOf(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `_leakhunt_words ${quoted(value.words.join(' '))}; `;
    case 'file':
      return '_leakhunt_files; ';
    case 'folder':
      return '_leakhunt_files -d; ';
    default:
      return '';
  }
}
