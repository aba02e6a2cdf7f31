/** The completion of a Z shell. Pure. */
import type { Completed, CompletedCommand, CompletedOption } from './completed-command.ts';

export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef loadline
# loadline completion for zsh: source <(loadline completion zsh), or save it as _loadline in a folder of $fpath
_loadline() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map(({ name, summary }) => `      ${quoted(`${name}:${summary}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
    help) _values command ${commands.map(({ name }) => name).join(' ')} ;;
  esac
}
if [[ $funcstack[1] == _loadline ]]; then _loadline "$@"; else compdef _loadline loadline; fi`;
}

function commandCase({ name, options, argument }: CompletedCommand): string {
  const lines = options.flatMap(optionLines);
  const first = argument.kind === 'none' ? [] : [quoted(`1:${name}:${actionOf(argument)}`)];
  return `    ${name}) _arguments \\
      ${[...lines, ...first].join(' \\\n      ')} ;;`;
}

function optionLines({ flags, description, value }: CompletedOption): string[] {
  const text = description.replaceAll(/[[\]\\]/g, '\\$&');
  const after = value.kind === 'none' ? '' : `:value:${actionOf(value)}`;
  // The star: many of them may be repeated.
  return flags.map((flag) => quoted(`*${flag}[${text}]${after}`));
}

/** An option's action ends at a colon that is not escaped. */
const actionOf = (value: Completed): string => plainActionOf(value).replaceAll(':', '\\:');

function plainActionOf(value: Completed): string {
  switch (value.kind) {
    case 'none':
    case 'any':
      return ' ';
    case 'paths':
      return '_files';
    case 'words':
      return value.orPaths
        ? // The space: called as it stands, without the options that _arguments adds, which it does not know.
          ` _alternative "words:word:(${value.words.join(' ')})" "files:file:_files"`
        : `(${value.words.join(' ')})`;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
