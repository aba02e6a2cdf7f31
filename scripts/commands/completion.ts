import { Argument, type Command } from 'commander';
import { type Shell, shells } from '../completion/shells.ts';
import { helpEnd } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

/** Every command of the program with its line in the list, loaded. */
export type AllCommands = () => Promise<{ command: Command; summary: string }[]>;

export function addCompletionCommand(program: Command, terminal: Terminal, all: AllCommands): void {
  program
    .command('completion')
    .description('Prints what a shell needs to complete commands, options and their values.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      helpEnd(
        'completion',
        'source <(loadline completion bash)        # in ~/.bashrc',
        'source <(loadline completion zsh)         # in ~/.zshrc, after compinit',
        'loadline completion fish | source         # in ~/.config/fish/config.fish',
      ),
    )
    .action(async (shell: Shell) => {
      const { completionOf } = await import('../actions/completion.ts');
      terminal.print(completionOf(shell, await all()));
    });
}
