/** The completion of a fish shell. Pure. */
import type { Completed, CompletedCommand } from './completed-command.ts';

export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return [
    '# loadline completion for fish: loadline completion fish | source',
    'complete -c loadline -f',
    ...commands.map(
      ({ name, summary }) => `complete -c loadline -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    `complete -c loadline -n '__fish_seen_subcommand_from help' -a ${quoted(names)}`,
    ...commands.flatMap(linesOf),
  ].join('\n');
}

function linesOf({ name, options, argument }: CompletedCommand): string[] {
  const of = `complete -c loadline -n '__fish_seen_subcommand_from ${name}'`;
  const lines = options.map(({ flags, description, value }) => {
    const each = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
    return `${of} ${each.join(' ')} -d ${quoted(description)}${followingOf(value)}`;
  });
  return argument.kind === 'none' || argument.kind === 'any' ? lines : [...lines, `${of}${argumentOf(argument)}`];
}

/** -r: a value follows; -F: paths as well. */
function followingOf(value: Completed): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'any':
      return ' -r';
    case 'paths':
      return ' -r -F';
    case 'words':
      return ` -r${value.orPaths ? ' -F' : ''} -a ${quoted(value.words.join(' '))}`;
  }
}

const argumentOf = (value: Completed): string =>
  value.kind === 'words' ? `${value.orPaths ? ' -F' : ''} -a ${quoted(value.words.join(' '))}` : ' -F';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
