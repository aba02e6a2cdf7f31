import type { Command } from 'commander';
import { jitters } from '../../aws/back-off.ts';
import { scenarioFolder } from '../../run/package-root.ts';
import { variables } from '../../run/search/varied-workload.ts';
import { catalogueNames } from '../../scenarios/catalogue/catalogue.ts';
import { bashCompletion } from '../completion/bash.ts';
import { type CompletedCommand, completedCommand, type KnownWords } from '../completion/completed-command.ts';
import { fishCompletion } from '../completion/fish.ts';
import type { Shell } from '../completion/shells.ts';
import { zshCompletion } from '../completion/zsh.ts';

const scripts: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The script for a shell, without an end of line. */
export function completionOf(shell: Shell, all: readonly { command: Command; summary: string }[]): string {
  const known: KnownWords = {
    scenario: { words: catalogueNames(scenarioFolder), orPaths: true },
    '--target': { words: ['local', 'aws'], orPaths: true },
    '--vary': { words: variables, orPaths: false },
    '--latency': { words: ['none', 'typical'], orPaths: true },
    '--on': { words: ['fargate', 'lambda'], orPaths: false },
    '--jitter': { words: jitters, orPaths: false },
  };
  return scripts[shell](all.map(({ command, summary }) => completedCommand(command, { summary, known })));
}
