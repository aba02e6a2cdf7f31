/** The completion of a Bash. Pure. */
import type { Completed, CompletedCommand } from './completed-command.ts';

export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# loadline completion for Bash: source <(loadline completion bash)
_loadline() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names} help --help --version' -- "$cur"))
    return
  fi
  case "$command $before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
    help) COMPREPLY=($(compgen -W '${names}' -- "$cur")) ;;
  esac
}
complete -F _loadline loadline`;
}

/** What follows each option that takes a value: one line for those that complete alike. */
function valueCases({ name, options }: CompletedCommand): string[] {
  const byReply = new Map<string, string[]>();
  for (const { flags, value } of options) {
    if (value.kind === 'none') continue;
    const reply = replyOf(value);
    byReply.set(reply, [...(byReply.get(reply) ?? []), ...flags.map((flag) => `'${name} ${flag}'`)]);
  }
  return [...byReply].map(([reply, patterns]) => `    ${patterns.join('|')}) ${reply}return ;;`);
}

function commandCase({ name, options, argument }: CompletedCommand): string {
  const flags = options.flatMap(({ flags: each }) => each).join(' ');
  return `    ${name})
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${flags}' -- "$cur"))
      else ${replyOf(argument) || ':'}
      fi ;;`;
}

function replyOf(value: Completed): string {
  switch (value.kind) {
    case 'none':
    case 'any':
      return '';
    case 'paths':
      return 'COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2>/dev/null; ';
    case 'words':
      return value.orPaths
        ? `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -f -- "$cur")); compopt -o filenames 2>/dev/null; `
        : `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$cur")); `;
  }
}
